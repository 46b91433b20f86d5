import { dataMismatch } from './errors.js';

/** Numbers of images, rising. */
export interface TrainingSplits {
  readonly train: number[];
  readonly validation: number[];
}

/**
 * Takes `perClass` images of each class out of the training set, spread evenly over the class in file order: the same
 * images whatever the run's seed, so that ratings of different runs compare.
 * @throws DnaError `DATA_MISMATCH` if a class would keep none
 */
export function holdOut(labels: Uint8Array, perClass: number): TrainingSplits {
  const held = new Uint8Array(labels.length);
  for (const [label, images] of byClass(labels)) {
    if (perClass >= images.length) {
      throw dataMismatch(
        `heldOutPerClass is ${perClass}, and class ${label} has only ${images.length} training images.`,
        'Hold out fewer, so that each class keeps some for training.',
      );
    }
    for (const image of spread(images, perClass)) held[image] = 1;
  }
  const numbers = Array.from(labels.keys());
  return {
    train: numbers.filter((image) => held[image] === 0),
    validation: numbers.filter((image) => held[image] === 1),
  };
}

/** At most `limit` of the images, as many of each class as of the others where it has them, in their order. */
export function limitImages(
  images: readonly number[],
  labels: Uint8Array,
  limit: number | undefined,
): number[] {
  if (limit === undefined || limit >= images.length) return [...images];
  const groups = [...byClass(Uint8Array.from(images, (image) => labels[image]!)).values()];
  const shares = shareOut(
    groups.map((group) => group.length),
    limit,
  );
  const chosen = groups.flatMap((group, i) => spread(group, shares[i]!).map((position) => images[position]!));
  return chosen.sort((a, b) => a - b);
}

/** Positions of each label, by label. */
function byClass(labels: Uint8Array): Map<number, number[]> {
  const classes = new Map<number, number[]>();
  for (const label of [...new Set(labels)].sort((a, b) => a - b)) classes.set(label, []);
  labels.forEach((label, position) => {
    classes.get(label)!.push(position);
  });
  return classes;
}

/** `count` values, one from the middle of each of `count` equal parts. */
function spread(values: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, i) => values[Math.floor(((i + 0.5) * values.length) / count)]!);
}

/** Deals `total` out one at a time in turn, never more than a group's size. */
function shareOut(sizes: readonly number[], total: number): number[] {
  const shares = sizes.map(() => 0);
  let left = Math.min(
    total,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  while (left > 0) {
    for (let i = 0; i < sizes.length && left > 0; i++) {
      if (shares[i]! < sizes[i]!) {
        shares[i]!++;
        left--;
      }
    }
  }
  return shares;
}
