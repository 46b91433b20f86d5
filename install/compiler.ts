import { installRequires } from './errors.js';
import type { InstalledBackend } from './installed-backend.js';
import { runTool } from './run-tool.js';

/** Older ones do not take the headers of libtorch. */
const OLDEST = 9;

export interface Compiler {
  readonly command: string;
  /** `g++ 12.2.0`. */
  readonly name: string;
  /** Extensions of this machine's processor that it uses: `avx2`, `avx512f`, … */
  readonly instructions: readonly string[];
}

/**
 * The machine's g++: `$CXX`, else `g++`, else `c++`.
 * @throws DnaError `BACKEND_REQUIRES` where there is none, or an unsuitable one.
 */
export async function findCompiler(backend: InstalledBackend): Promise<Compiler> {
  const named = process.env.CXX;
  for (const command of named ? [named] : ['g++', 'c++']) {
    const found = await runTool(command, ['-march=native', '-dM', '-E', '-x', 'c++', '/dev/null']);
    if (found?.status === 0) return describe(command, found.output, backend);
  }
  throw installRequires(
    backend,
    named ? `the compiler that CXX names, ${named}, does not run` : 'there is no C++ compiler (g++)',
    'Install one: `sudo apt install g++` on Debian and Ubuntu, `sudo dnf install gcc-c++` on Fedora and Red Hat; or ' +
      'name one: CXX=/path/to/g++.',
  );
}

function describe(command: string, macros: string, backend: InstalledBackend): Compiler {
  const value = (macro: string) => new RegExp(`^#define ${macro} (\\S+)$`, 'm').exec(macros)?.[1];
  const version = ['__GNUC__', '__GNUC_MINOR__', '__GNUC_PATCHLEVEL__'].map(value).join('.');
  const fix = `Install a newer g++, or name another one: CXX=g++-${OLDEST + 4}.`;
  if (value('__clang__') !== undefined) {
    // Its OpenMP would be a second one beside libtorch's.
    throw installRequires(backend, `${command} is clang, and g++ is needed`, 'Name a g++: CXX=/usr/bin/g++.');
  }
  if (!(Number(value('__GNUC__')) >= OLDEST)) {
    throw installRequires(backend, `${command} is version ${version}, and ${OLDEST} or newer is needed`, fix);
  }
  const extensions = [...macros.matchAll(/^#define __(AVX2?|AVX512\w+?|AVXVNNI|AMX_\w+?|FMA|F16C)__ 1$/gm)];
  const instructions = extensions.map(([, name]) => name!.toLowerCase().replaceAll('_', '')).sort();
  return { command, name: `g++ ${version}`, instructions };
}
