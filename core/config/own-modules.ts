import { existsSync, realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { foreignModule } from '../errors.js';
import { isFile, resolveFile, resolveModule } from './load-module.js';
import type { StoredConfig } from './stored-config.js';

/** Whose code a run folder may ask for. */
export interface CodeBounds {
  /** Folder whose files may be loaded. */
  readonly project: string;
  /** The run's folder, of which nothing may be. */
  readonly folder: string;
}

const OURS = /^dna-nas\/(?:plugins|presets)\/[a-z0-9-]+$/;
/** `name`, `@scope/name` or an export below one: no scheme, no `..`, no `#`. */
const PACKAGE = /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*(?:\/(?!\.)[\w.~-]+)*$/;

/**
 * Refuses a run's configuration that would have code loaded which is not the project's own: a run folder may come
 * from a stranger. Looks at names and links only, imports nothing.
 *
 * @throws DnaError `MODULE_FOREIGN`.
 */
export function requireOwnModules({ plugins }: StoredConfig, bounds: CodeBounds): void {
  for (const { reference, sha256 } of plugins) {
    const { module } = reference;
    if (OURS.test(module)) continue;
    const reason = foreignness(module, bounds);
    if (reason !== undefined) throw foreignModule(module, reason);
    if (sha256 === undefined) throw foreignModule(module, 'comes without the SHA-256 that it had in the run');
  }
}

/** Why a module is not the project's own; undefined if it is. */
function foreignness(module: string, { project, folder }: CodeBounds): string | undefined {
  if (/^\.{1,2}\//.test(module) && !module.includes('\\')) {
    const file = resolve(project, module);
    if (!isBelow(project, file) || !isBelow(realPath(project), reached(file)))
      return 'lies outside of the project';
    if (isBelow(folder, file) || isBelow(realPath(folder), reached(file))) return 'lies in the run folder';
    return undefined;
  }
  if (isFile(module)) return 'is an absolute path';
  if (isBuiltin(module) || !PACKAGE.test(module) || module.startsWith('dna-nas/'))
    return 'is neither a plugin of dna-nas, nor a file below the project, nor a package of it';
  const file = resolveModule(module, project);
  if (file !== undefined && isBelow(realPath(folder), realPath(file))) return 'lies in the run folder';
  return undefined;
}

/** The file that an import would open: with the ending that was left out, links followed. */
function reached(file: string): string {
  return realPath(resolveFile(file));
}

function isBelow(folder: string, file: string): boolean {
  const path = relative(resolve(folder), file);
  return path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path));
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync.native(path) : resolve(path);
}
