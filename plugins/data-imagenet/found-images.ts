import type { Split } from 'dna-nas/core/contracts';
import { noImages } from './errors.js';
import type { ImageIndex } from './image-index.js';

/** The images of a data set. What is absent is taken from the training images. */
export interface FoundImages {
  readonly train: ImageIndex;
  readonly validation?: ImageIndex;
  readonly test?: ImageIndex;
  /** What the numbers of classes are called, where the data tell. */
  readonly classNames?: readonly string[];
}

/** How people call the parts of a data set. */
const NAMES: Readonly<Record<Split, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['val', 'valid', 'validation', 'dev'],
  test: ['test', 'testing'],
};

export const PARTS = Object.keys(NAMES) as readonly Split[];

/** The part that a folder's, an archive's or a list's name stands for. */
export function partOf(name: string): Split | undefined {
  return PARTS.find((part) => NAMES[part].includes(name.toLowerCase()));
}

/** The parts that are among some names; of two names for one part, the more usual. */
export function partsAmong(names: readonly string[]): (readonly [part: Split, name: string])[] {
  const nameOf = (wanted: string) => names.find((name) => name.toLowerCase() === wanted);
  return PARTS.flatMap((part) => {
    const found = NAMES[part].map(nameOf).find((name) => name !== undefined);
    return found === undefined ? [] : [[part, found]];
  });
}

/**
 * Puts the parts together. Parts without images do not count. Validation images without test images are what is
 * tested on, as ImageNet has it; a part that is alone is for training.
 * @throws DnaError `DATA_NO_IMAGES`, of `where`
 */
export function joinParts(found: readonly (readonly [Split, ImageIndex])[], where: string): FoundImages {
  const parts = Object.fromEntries(found.filter(([, { names }]) => names.length > 0)) as Partial<
    Record<Split, ImageIndex>
  >;
  const { train, validation, test } = parts;
  if (train && validation && test) return { train, validation, test };
  const [first, second] = [train, validation, test].filter((part) => part !== undefined);
  if (!first) throw noImages(where);
  return second ? { train: first, test: second } : { train: first };
}
