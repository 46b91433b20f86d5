import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the C++ sources of this backend, which the package ships as they are. */
const OWN = fileURLToPath(new URL('../../../../plugins/backend-torch/native', import.meta.url));
/** Folder of what all backends compile into theirs. */
const SHARED = fileURLToPath(new URL('../../../../native', import.meta.url));

/** Where sources and headers are looked for, by their path below one of these. */
export const NATIVE: readonly string[] = [OWN, SHARED];

/** Which sources go into one library: those of CUDA only where it is linked, `.cu` only where nvcc is. */
export interface SourceChoice {
  readonly cuda: boolean;
  readonly kernels: boolean;
}

/** Paths of the files that are compiled, each below one of the folders, sorted; tests apart. */
export function sourceFiles({ cuda, kernels }: SourceChoice, native = NATIVE): string[] {
  return native.flatMap(nativeFiles).filter((file) => {
    if (file.startsWith('tests/')) return false;
    if (file.endsWith('.cu')) return kernels;
    return file.endsWith('.cpp') && (cuda || !file.startsWith('cuda/'));
  });
}

function nativeFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.(cpp|cu|cuh|h)$/.test(name)).sort();
}

/** The file of a path below one of the folders. */
export function findSource(file: string, native = NATIVE): string | undefined {
  return native.map((folder) => join(folder, file)).find((path) => existsSync(path));
}

/** Flags that decide the code of the addon, whatever the machine. */
export const CODE_FLAGS = ['-std=c++17', '-O3', '-march=native', '-fopenmp', '-fPIC', '-Wall', '-Wextra'];

/** What `installed.json` keeps of the sources: a SHA-256 that changes where the addon has to be compiled again. */
export function sourcesOf(torch: string, choice: SourceChoice, native = NATIVE): string {
  const { cuda, kernels } = choice;
  const hash = createHash('sha256').update(JSON.stringify([torch, cuda, kernels, CODE_FLAGS]));
  const files = sourceFiles(choice, native).flatMap((source) => withHeaders(source, native));
  for (const file of [...new Set(files)].sort()) {
    hash.update(`\n${file}\n`).update(readFileSync(findSource(file, native)!));
  }
  return hash.digest('hex');
}

/** A file and the headers of ours that it includes, directly or not: what its object depends on. */
export function withHeaders(file: string, native = NATIVE): string[] {
  const found = new Set<string>([file]);
  for (const each of found) for (const header of includesOf(each, native)) found.add(header);
  return [...found];
}

function includesOf(file: string, native: readonly string[]): string[] {
  const text = readFileSync(findSource(file, native)!, 'utf8');
  return [...text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)].flatMap(([, name]) => {
    const near = join(dirname(file), name!);
    return [near, name!].find((path) => findSource(path, native)) ?? [];
  });
}
