import type { DataDescription } from 'dna-nas/core/contracts';
import type { ClassResult } from 'dna-nas/core/stages';

/** By class: images that were looked at, and how many of them the network was right on. */
export interface ClassCounts {
  readonly images: readonly number[];
  readonly right: readonly number[];
}

/** Classes of which one has this many times the images of another are unbalanced. */
const UNBALANCED = 1.5;

/** None of any class. */
export function noCounts(classes: number): ClassCounts {
  const none = new Array<number>(classes).fill(0);
  return { images: none, right: none };
}

/** The counts with some images more, of these labels. */
export function addCounts(
  counts: ClassCounts,
  labels: ArrayLike<number>,
  isRight: readonly boolean[],
): ClassCounts {
  const images = [...counts.images];
  const right = [...counts.right];
  isRight.forEach((one, image) => {
    const label = labels[image]!;
    images[label]!++;
    if (one) right[label]!++;
  });
  return { images, right };
}

/** What accuracies of unbalanced classes are told with; nothing where the classes are balanced. */
export interface UnbalancedAccuracy {
  /** Mean over the classes of the share of their images that are right, 0 to 1; classes without images do not count. */
  readonly balanced?: number;
  readonly perClass?: readonly ClassResult[];
}

/** Balanced accuracy (Brodersen et al. 2010) and every class that has images, where these are unbalanced. */
export function unbalancedAccuracy(
  { images, right }: ClassCounts,
  { classNames }: Pick<DataDescription, 'classNames'>,
): UnbalancedAccuracy {
  const perClass = images
    .map((count, label) => ({
      name: classNames?.[label] ?? String(label),
      images: count,
      right: right[label]!,
    }))
    .filter((one) => one.images > 0);
  const counts = perClass.map((one) => one.images);
  const isUnbalanced = counts.length > 1 && Math.max(...counts) >= UNBALANCED * Math.min(...counts);
  if (!isUnbalanced) return {};
  const balanced = perClass.reduce((sum, one) => sum + one.right / one.images, 0) / perClass.length;
  return { balanced, perClass };
}
