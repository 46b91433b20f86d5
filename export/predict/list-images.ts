import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { noImages } from '../errors.js';

const IMAGE = /\.(jpe?g|png|webp|gif|tiff?|avif)$/i;

/**
 * Images by path: files as they are named, and of folders all files below them that are called as images are, hidden
 * ones left out, in the order of their names. @throws DnaError `PREDICT_IMAGES`
 */
export function listImages(places: readonly string[], project: string): string[] {
  return places.flatMap((place) => {
    const status = statSync(resolve(project, place), { throwIfNoEntry: false });
    if (!status) throw noImages(place, 'is neither a file nor a folder');
    if (!status.isDirectory()) return [place];
    const found = imagesBelow(place, project);
    if (found.length === 0) throw noImages(place, 'holds no file that is called as an image');
    return found;
  });
}

function imagesBelow(folder: string, project: string): string[] {
  const entries = readdirSync(resolve(project, folder), { withFileTypes: true });
  return entries
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return imagesBelow(path, project);
      return IMAGE.test(entry.name) ? [path] : [];
    });
}
