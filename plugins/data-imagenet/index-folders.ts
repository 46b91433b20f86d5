import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isFolder } from 'dna-nas/files';
import { byCodeUnits, emptyIndex, type ImageIndex, isImageName, UNLABELLED } from './image-index.js';

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

/** A folder, relative to the root, and the class of the images in it. */
export interface ImageFolder {
  readonly folder: string;
  readonly className: string;
}

/** The folders of a part that are named by their classes. */
export function foldersOfClasses(root: string, part: string): ImageFolder[] {
  return classFolders(root, part).map((name) => ({ folder: within(part, name), className: name }));
}

/** A part's folder and all below it, each once, whatever links lead to it. Nobody knows the images' classes. */
export function foldersBelow(root: string, part: string, seen = new Set<string>()): ImageFolder[] {
  const place = realpathSync(join(root, part));
  if (seen.has(place)) return [];
  seen.add(place);
  const below = classFolders(root, part).flatMap((name) => foldersBelow(root, within(part, name), seen));
  return [{ folder: part, className: UNLABELLED }, ...below];
}

/** Finds the images that lie in folders, each in its class. */
export function indexFolders(root: string, folders: readonly ImageFolder[]): ImageIndex {
  const index = emptyIndex();
  for (const { folder, className } of folders) {
    const images = readdirSync(join(root, folder)).filter(isImageName).sort(byCodeUnits);
    if (images.length === 0) continue;
    const number = numberOf(index, className);
    for (const image of images) {
      const name = within(folder, image);
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

function within(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The class's place among those of the index, which takes it up. */
function numberOf({ classes }: ImageIndex, name: string): number {
  return classes.at(-1) === name ? classes.length - 1 : classes.push(name) - 1;
}
