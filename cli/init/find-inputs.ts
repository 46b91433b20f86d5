import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isFolder } from 'dna-nas/files';

const IMAGE = /\.(jpe?g|png|webp)$/i;
const ARCHIVE = /\.(tar|parquet)$/i;
const LIST = /^(labels|metadata|train)\.(csv|tsv|jsonl)$/i;
const WEIGHTS = /\.(safetensors|pth|pt)$/i;
const PARTS = ['train', 'val', 'validation', 'test'];

/** Folders of a project that look like images by class, a list of them, or archives; what begins with a dot is none. */
export function findImageFolders(project: string): string[] {
  return namesIn(project).filter(
    (name) =>
      name !== 'node_modules' &&
      name !== 'runs' &&
      isFolder(join(project, name)) &&
      holdsImages(join(project, name)),
  );
}

/** Weights files that lie in the project's folder itself. */
export function findTeachers(project: string): string[] {
  return namesIn(project).filter((name) => WEIGHTS.test(name));
}

function holdsImages(folder: string): boolean {
  const names = namesIn(folder);
  if (names.some((name) => LIST.test(name) || ARCHIVE.test(name))) return true;
  const below = (name: string) => isFolder(join(folder, name));
  if (names.some((name) => PARTS.includes(name) && below(name))) {
    return names.some((name) => PARTS.includes(name) && below(name) && holdsImages(join(folder, name)));
  }
  return names.filter((name) => below(name) && namesIn(join(folder, name)).some(isImage)).length > 1;
}

function isImage(name: string): boolean {
  return IMAGE.test(name);
}

function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort();
}
