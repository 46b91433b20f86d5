import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type CommandResult, listen } from './listen.js';

/** The installation is for Linux on x86-64 alone. */
export const OFFERED = process.platform === 'linux' && process.arch === 'x64';

/** Shell programs that stand for the machine's tools; each writes its calls into `calls`. */
export interface Tools {
  readonly 'g++'?: string;
  readonly python3?: string;
  readonly npm?: string;
}

/** A g++ that says it is 12.2.0 with AVX2, and makes files of nothing; sources named by `FAILS` do not compile. */
export const GXX = `
echo "g++ $*" >> "$CALLS"
case "$*" in *-dM*)
  echo '#define __GNUC__ 12'; echo '#define __GNUC_MINOR__ 2'; echo '#define __GNUC_PATCHLEVEL__ 0'
  echo '#define __AVX2__ 1'
  exit 0;;
esac
if [ -n "$FAILS" ]; then case "$*" in *"$FAILS"*)
  echo "In file included from $FAILS:1:"
  echo "$FAILS:3:14: error: 'at' has not been declared"
  echo 'compilation terminated.'
  exit 1;;
esac; fi
for word; do
  if [ "$previous" = -o ]; then echo made > "$word"; fi
  previous=$word
done
`;

const DOWNLOAD = `
  *'pip download'*)
    for word; do
      if [ "$previous" = --dest ]; then folder=$word; fi
      previous=$word
    done
    case "$*" in
      *torch==*) echo wheel > "$folder/torch-2.11.0-cp312-cp312-manylinux_2_28_x86_64.whl";;
      *) echo wheel > "$folder/nvidia_cuda_runtime-13.0.96-py3-none-manylinux2014_x86_64.whl";;
    esac;;`;

/** A python3 with pip, whose wheels hold a libtorch of empty files. */
export const PYTHON = `
case "$*" in
  *version_info*) exit 0;;
esac
echo "python3 $*" | while read -r line; do echo "$line" >> "$CALLS"; break; done
case "$*" in
  *'pip --version'*) echo 'pip 23.2.1 from /somewhere (python 3.11)';;
  ${DOWNLOAD}
  *METADATA*) echo 'Requires-Dist: cuda-toolkit[cublas,cudart,cupti]==13.0.2; platform_system == "Linux"';;
  *infolist*)
    echo "unpack $3" >> "$CALLS"
    if [ -n "$SLOW" ]; then /bin/sleep 30; fi
    /bin/mkdir -p "$4/torch/lib" "$4/torch/include/ATen" "$4/torch/include/torch/headeronly"
    echo > "$4/torch/include/ATen/ATen.h"
    for part in MAJOR:2 MINOR:11 PATCH:0; do
      echo "#define TORCH_VERSION_\${part%:*} \${part#*:}"
    done > "$4/torch/include/torch/headeronly/version.h"
    for name in libtorch_cpu.so libc10.so libgomp.so.1; do echo > "$4/torch/lib/$name"; done;;
esac
`;

/** A folder for everything, with a path of nothing but the fake tools. */
export class FakeMachine {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'dna-install-')));
  readonly backends = join(this.folder, 'backends');
  readonly home = join(this.backends, 'torch');
  readonly cudaHome = join(this.backends, 'cuda');
  readonly #calls = join(this.folder, 'calls');

  constructor(tools: Tools = { 'g++': GXX, python3: PYTHON }) {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
    mkdirSync(join(this.folder, 'bin'));
    for (const [name, program] of Object.entries(tools)) {
      const file = join(this.folder, 'bin', name);
      writeFileSync(file, `#!/bin/sh\n${program}`);
      chmodSync(file, 0o755);
    }
  }

  get env(): NodeJS.ProcessEnv {
    const paths = { PATH: join(this.folder, 'bin'), CALLS: this.#calls, DNA_BACKENDS: this.backends };
    return {
      ...paths,
      CUDA_HOME: undefined,
      CXX: undefined,
      FAILS: undefined,
      SLOW: undefined,
      INSTALLED: undefined,
    };
  }

  /** Calls of the tools, a line each, since the last time that one asked. */
  takeCalls(): string[] {
    if (!existsSync(this.#calls)) return [];
    const calls = readFileSync(this.#calls, 'utf8').trim().split('\n');
    rmSync(this.#calls);
    return calls;
  }

  /** Runs a command line here; what differs between machines and versions of the sources is made neutral. */
  async dna(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    const { code, text } = await listen(words, this.folder, { ...this.env, ...env });
    const neutral = text
      // How far it is, told on slow machines alone.
      .replaceAll(/^ {2}(\d+ of \d+ files, \d+ s|\d+ MB so far)\n/gm, '')
      .replaceAll(this.folder, '<machine>')
      .replaceAll(/\b\d+ files to compile, 0 unchanged, \d+ at/g, '<n> files to compile, 0 unchanged, <n> at')
      .replaceAll(/\d+(\.\d+)? (MB|s)\b/g, '<n> $2')
      .replaceAll(/\b(addon|tfjs_binding|quiet)-[0-9a-f]{16}/g, '$1-<hash>');
    return { code, text: neutral };
  }
}
