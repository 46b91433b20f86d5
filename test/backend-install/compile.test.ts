import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findCompiler } from 'dna-nas/install';
import { TORCH } from 'dna-nas/plugins/backend-torch';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { compileAddon } from '../../dist/plugins/backend-torch/install/compile-addon.js';
import { openTorch } from '../../dist/plugins/backend-torch/install/torch-library.js';
import { OFFERED } from './fake-machine.js';

const hasCompiler = OFFERED && spawnSync('g++', ['--version']).status === 0;

/** Sources of a small addon, in the form of ours. */
const NATIVE = {
  'torch.h': '#ifndef DNA_TORCH_H\n#define DNA_TORCH_H\n#include <ATen/ATen.h>\n#endif\n',
  'answer.h': '#pragma once\n#include "torch.h"\nint answer();\n',
  'answer.cpp': '#include "answer.h"\nint answer() { return torchAnswer(); }\n',
  'ops/bind.cpp': `#include <node_api.h>
#include "../answer.h"
static napi_value init(napi_env env, napi_value) {
  napi_value value;
  napi_create_int32(env, answer(), &value);
  return value;
}
NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
`,
  'cuda/device.cpp': '#error "not without CUDA"\n',
  'cuda/kernel.cu': '#error "not without nvcc"\n',
  'tests/main.cpp': '#include "../answer.h"\nint main() { return answer() == 42 ? 0 : 1; }\n',
};

/** A folder with these sources and a libtorch of one function; files may be changed. */
class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'dna-compile-'));
  readonly native = join(this.folder, 'native');
  readonly build = join(this.folder, 'build');

  constructor() {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
    for (const [name, text] of Object.entries(NATIVE)) this.write(`native/${name}`, text);
    this.write('torch/include/ATen/ATen.h', '#pragma once\nint torchAnswer();\n');
    const version = ['MAJOR 2', 'MINOR 11', 'PATCH 0']
      .map((part) => `#define TORCH_VERSION_${part}\n`)
      .join('');
    this.write('torch/include/torch/headeronly/version.h', version);
    this.write('torch/lib/torch.cpp', 'int torchAnswer() { return 42; }\n');
    this.link('libtorch_cpu.so', join(this.folder, 'torch/lib/torch.cpp'));
    this.link('libc10.so', '/dev/null');
  }

  link(name: string, source: string): void {
    const target = join(this.folder, 'torch/lib', name);
    const words = ['-shared', '-fPIC', `-Wl,-soname,${name}`, '-x', 'c++', source, '-o', target];
    expect(spawnSync('g++', words).status).toBe(0);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  objects(): string[] {
    return readdirSync(this.build).filter((name) => name.endsWith('.o'));
  }

  request(changes: object = {}) {
    const torch = openTorch(join(this.folder, 'torch'));
    return { folder: this.build, native: [this.native], torch, compiler, flags: ['-Werror'], ...changes };
  }
}

let compiler: Awaited<ReturnType<typeof findCompiler>>;

describe.runIf(hasCompiler)('compileAddon', () => {
  beforeAll(async () => {
    compiler = await findCompiler(TORCH);
  });

  test('makes an addon that Node loads, with libtorch from its folder', async () => {
    const { addon, objects } = await compileAddon(new Workshop().request());
    expect(createRequire(import.meta.url)(addon)).toBe(42);
    expect(objects).toHaveLength(2);
  });

  test('compiles what has changed and nothing else', async () => {
    const shop = new Workshop();
    const told: string[] = [];
    const build = () => compileAddon(shop.request({ told: (text: string) => told.push(text) }));
    const first = await build();
    expect(told.splice(0)).toEqual([
      expect.stringMatching(/^2 files to compile, 0 unchanged/),
      expect.any(String),
    ]);
    expect(await build()).toEqual(first);
    expect(told).toEqual([]);

    shop.write('native/answer.cpp', '#include "answer.h"\nint answer() { return torchAnswer() + 1; }\n');
    const second = await build();
    expect(told.splice(0)).toEqual([expect.stringMatching(/^1 files to compile, 1 unchanged/)]);
    expect(second.addon).not.toBe(first.addon);
    expect(second.sources).not.toBe(first.sources);
    expect(createRequire(import.meta.url)(second.addon)).toBe(43);

    shop.write('native/answer.h', `${NATIVE['answer.h']}// changed\n`);
    await build();
    expect(told.splice(0)).toEqual([expect.stringMatching(/^2 files to compile, 0 unchanged/)]);

    shop.write('native/tests/main.cpp', 'int main() { return 1; }\n');
    const { sources } = await build();
    shop.write('native/tests/main.cpp', 'int main() { return 2; }\n');
    expect((await build()).sources).toBe(sources);
  });

  test('compiles once more what is edited while it is compiled', async () => {
    const shop = new Workshop();
    shop.write('edited.cpp', '#include "answer.h"\nint answer() { return torchAnswer() + 1; }\n');
    const source = join(shop.native, 'answer.cpp');
    const command = join(shop.folder, 'g++');
    const edit = `mv ${join(shop.folder, 'edited.cpp')} ${source} 2>/dev/null`;
    writeFileSync(
      command,
      `#!/bin/sh\ng++ "$@" || exit 1\ncase "$*" in *-c*answer.cpp*) ${edit};; esac\nexit 0\n`,
    );
    chmodSync(command, 0o755);
    const { addon } = await compileAddon(shop.request({ compiler: { ...compiler, command } }));
    expect(createRequire(import.meta.url)(addon)).toBe(43);
    shop.write('native/answer.cpp', NATIVE['answer.cpp']);
    const again = await compileAddon(shop.request({ compiler: { ...compiler, command } }));
    expect(createRequire(import.meta.url)(again.addon)).toBe(42);
  });

  test('names the file and what the compiler said, and keeps what it compiled', async () => {
    const shop = new Workshop();
    shop.write('native/answer.cpp', '#include "answer.h"\nint answer() { return nothing; }\n');
    await expect(compileAddon(shop.request())).rejects.toMatchObject({
      code: 'BACKEND_COMPILE_FAILED',
      message: expect.stringMatching(
        /^answer\.cpp could not be compiled:\n.*answer\.cpp:2:\d+: error: .nothing. was not/,
      ),
    });
    expect(readdirSync(shop.build).filter((name) => name.includes('.partial-'))).not.toContain('addon');
    shop.write('native/answer.cpp', NATIVE['answer.cpp']);
    const { addon } = await compileAddon(shop.request());
    expect(createRequire(import.meta.url)(addon)).toBe(42);
  });
});
