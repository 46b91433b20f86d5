import type { Dataset, Split } from 'dna-nas/core/contracts';
import { noSuchImage } from './errors.js';

/** Images that are shown if nobody chooses. */
const USUAL = 4;

/** Which images a report compares features of. */
export interface ImageChoice {
  /** Indices in the split, or names of files; none: a few, evenly spread. */
  readonly images: readonly string[];
  /** @default 'validation' */
  readonly split?: Split;
}

/**
 * Indices of the chosen images in their split.
 * @throws DnaError `IMAGE_UNKNOWN`
 */
export function chosenImages(dataset: Dataset, { images, split = 'validation' }: ImageChoice): Uint32Array {
  const size = dataset.description.size[split];
  if (images.length === 0) {
    const count = Math.min(USUAL, size);
    return Uint32Array.from({ length: count }, (_, place) => Math.floor(((place + 0.5) * size) / count));
  }
  let names: string[] | undefined;
  return Uint32Array.from(images, (image) => {
    if (/^\d+$/.test(image) && Number(image) < size) return Number(image);
    names ??= Array.from({ length: dataset.name ? size : 0 }, (_, index) => dataset.name!(split, index));
    const found = names.findIndex((name) => name === image || name.endsWith(`/${image}`));
    if (found < 0) throw noSuchImage(image, { split, size, names });
    return found;
  });
}
