import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folders whose code is shipped. */
export const SHIPPED = [
  'errors',
  'files',
  'core',
  'configuration',
  'run-tools',
  'ablation',
  'accuracy',
  'archives',
  'install',
  'audit',
  'evaluation',
  'export',
  'latency',
  'nn',
  'plugins',
  'presets',
  'testing',
  'cli',
] as const;

/** Text of a file by its path in the repository. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Paths of the files below a folder of the repository whose names match, sorted. */
export function files(folder: string, name: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path).replaceAll('\\', '/'))
    .filter((path) => name.test(path))
    .sort();
}

/** One import or re-export of a file. */
export interface Import {
  readonly file: string;
  readonly from: string;
  /** Erased when it is compiled. */
  readonly typeOnly: boolean;
}

const STATEMENT =
  /(?:^|[;\n])\s*(?:import|export)\s+(?<kind>type\s)?[^'"`;]*?\bfrom\s*['"](?<from>[^'"]+)['"]/g;
const EFFECT = /(?:^|[;\n])\s*import\s*['"](?<from>[^'"]+)['"]/g;
/** `import('x')`, and the fixed beginning of a template. */
const DYNAMIC = /\bimport\(\s*['"`](?<from>[^'"`$]+)/g;

/** All imports of a source file, those of comments left out. */
export function importsOf(file: string): Import[] {
  const text = read(file)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '');
  return [STATEMENT, EFFECT, DYNAMIC].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ groups }) => ({
      file,
      from: groups!.from!,
      typeOnly: groups!.kind !== undefined,
    })),
  );
}

/** Where a relative path in a file leads, as a path in the repository. */
export function target(file: string, relative: string): string {
  return join(dirname(file), relative).replaceAll('\\', '/');
}
