import { readdirSync, rmSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { isPartial } from 'dna-nas/files';
import { buildFolder } from './build-installation.js';
import type { Built } from './compile-addon.js';
import type { Installation } from './installation.js';

/** What an installation puts into its folder; nothing else there is ours to remove. */
export const OURS = /^(installed\.json|site|downloads|build|\.installed\.json\..*\.tmp|.*\.partial-\d+)$/;

/** Removes what a finished installation does not use: compiled headers, what was built before, other libraries. */
export function cleanUp(home: string, { folder }: Installation, { addon, objects }: Built): void {
  const used = new Set([addon, ...objects].map((file) => basename(file)));
  const build = buildFolder(home);
  for (const name of readdirSync(build)) {
    if (!used.has(name) && !isPartial(name)) rmSync(join(build, name), { recursive: true, force: true });
  }
  const site = join(home, 'site');
  if (!folder.startsWith(site + sep)) rmSync(site, { recursive: true, force: true });
  rmSync(join(home, 'downloads'), { recursive: true, force: true });
}
