import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isFolder } from 'dna-nas/files';
import { byCodeUnits, emptyIndex, type ImageIndex, isImageName } from './image-index.js';

/** Folders below `part` (relative to `root`), sorted; also those that are links. */
export function classFolders(root: string, part: string): string[] {
  const entries = readdirSync(join(root, part), { withFileTypes: true });
  return entries
    .filter(
      (entry) =>
        !entry.name.startsWith('.') &&
        (entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(root, part, entry.name)))),
    )
    .map(({ name }) => name)
    .sort(byCodeUnits);
}

/** Finds the images of folders named by their classes. */
export function indexFolders(root: string, part: string): ImageIndex {
  const index = emptyIndex();
  for (const folder of classFolders(root, part)) {
    const below = part === '' ? folder : `${part}/${folder}`;
    const images = readdirSync(join(root, below)).filter(isImageName).sort(byCodeUnits);
    if (images.length === 0) continue;
    const number = index.classes.push(folder) - 1;
    for (const image of images) {
      const name = `${below}/${image}`;
      // A link to nothing is an image that cannot be read, and is told as one.
      const status = statSync(join(root, name), { throwIfNoEntry: false });
      if (status?.isDirectory()) continue;
      index.names.push(name);
      index.sizes.push(status?.size ?? 0);
      index.classOf.push(number);
    }
  }
  return index;
}
