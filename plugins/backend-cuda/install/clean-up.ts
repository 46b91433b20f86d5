import { readdirSync, rmSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { isPartial } from 'dna-nas/files';
import { buildFolder } from './compile-binding.js';
import type { Installation } from './installation.js';

/** What an installation puts into its folder; nothing else there is ours to remove. */
export const OURS =
  /^(installed\.json|site|downloads|build|node|\.installed\.json\..*\.tmp|.*\.partial-\d+)$/;

/** Removes what a finished installation does not use: earlier bindings, a TensorFlow of its own where another is used. */
export function cleanUp(home: string, { folder, binding, quiet }: Installation): void {
  const build = buildFolder(home);
  const used = [binding, quiet ?? binding].map((file) => basename(file));
  const names = binding.startsWith(build + sep) ? readdirSync(build) : [];
  for (const name of names) {
    if (!used.includes(name) && !isPartial(name)) rmSync(join(build, name), { recursive: true, force: true });
  }
  if (!folder.startsWith(join(home, 'site') + sep))
    rmSync(join(home, 'site'), { recursive: true, force: true });
  rmSync(join(home, 'downloads'), { recursive: true, force: true });
}
