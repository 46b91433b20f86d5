import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nearestFile } from 'dna-nas/errors';
import { isPlainObject } from 'dna-nas/files';
import type { Jiti } from 'jiti';
import { unreadableModule } from '../errors.js';
import { BUILT, packageVersion } from '../plugin/catalogue.js';
import { entryOf } from '../plugin/definitions.js';

export type LoadedModule = Readonly<Record<string, unknown>>;

const require = createRequire(import.meta.url);
let shared: Jiti | undefined;

/**
 * Loads TypeScript without a build. Whatever a user's file imports of `dna-nas` or tfjs-core is this running copy,
 * wherever the file lies: a second copy would have other classes and another tensor engine.
 */
function jiti(): Jiti {
  const { createJiti } = require('jiti') as typeof import('jiti');
  shared ??= createJiti(import.meta.url, { fsCache: typesStripped(), alias: aliases() });
  return shared;
}

/**
 * Where files are kept whose types were taken out, by their content: the compiler that does it takes longer to load
 * than all else of a command. Each user has a folder of his own, since what is in it is executed.
 */
function typesStripped(): string {
  const { XDG_CACHE_HOME } = process.env;
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'dna-nas', 'typescript', packageVersion());
}

function aliases(): Record<string, string> {
  // Each entry is the index of its folder, or a file below one.
  const own = { 'dna-nas': resolve(BUILT) };
  try {
    const tfjs = fileURLToPath(import.meta.resolve('@tensorflow/tfjs-core'));
    return { ...own, '@tensorflow/tfjs-core': tfjs, '@tensorflow/tfjs-core/dist': dirname(tfjs) };
  } catch {
    return own;
  }
}

/** Whether a reference means a file: `./x.ts`, `../x.ts`, `/x.ts` or a `file:` URL. */
export function isFile(module: string): boolean {
  return /^\.{1,2}\//.test(module) || isAbsolute(module) || module.startsWith('file:');
}

/** Absolute path of a file reference that starts from `folder`. */
export function fileOf(folder: string, module: string): string {
  return module.startsWith('file:') ? fileURLToPath(module) : resolve(folder, module);
}

/** Path of the file behind a module that is not built in, or undefined if there is none. */
export function resolveModule(module: string, project: string): string | undefined {
  if (isFile(module)) return fileOf(project, module);
  const parentURL = pathToFileURL(join(project, '_')).href;
  const found = jiti().esmResolve(module, { parentURL, try: true });
  return found?.startsWith('file:') ? fileURLToPath(found) : found;
}

/** The file that importing a path opens: with the ending, or the index of a folder, that was left out. */
export function resolveFile(file: string): string {
  const found = jiti().esmResolve(file, { try: true });
  return found?.startsWith('file:') ? fileURLToPath(found) : (found ?? file);
}

/**
 * Imports a package's export or a file relative to the project; for a plugin of ours by its name the entry that has it.
 *
 * @throws DnaError `MODULE_UNREADABLE` if it does not exist or fails while it is loaded.
 */
export async function loadModule(module: string, project: string): Promise<LoadedModule> {
  try {
    // Our own exports resolve by self-reference, natively: the copy that the rest of the program runs.
    if (module.startsWith('dna-nas/')) return await import(entryOf(module));
    const file = resolveModule(module, project);
    if (file === undefined) throw new Error('there is no such package in this project');
    return await jiti().import(file);
  } catch (error) {
    const file = isFile(module) ? fileOf(project, module) : undefined;
    if (file === undefined || existsSync(file)) throw unreadableModule(module, error, { project });
    throw unreadableModule(module, new Error('there is no such file'), { close: nearestFile(file, module) });
  }
}

/** SHA-256 of a file, in hexadecimal. */
export function hashFile(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Follows `default.plugins.0` through a module; a function on the way (a preset) is called. */
export function reach(module: LoadedModule, path: string): unknown {
  let value: unknown = module;
  const steps = path.split('.');
  for (const [index, step] of steps.entries()) {
    if (value === null || typeof value !== 'object' || !(step in value)) return undefined;
    value = (value as Record<string, unknown>)[step];
    const last = index === steps.length - 1;
    if (!last && typeof value === 'function' && !isPlainObject(value)) value = value();
  }
  return value;
}
