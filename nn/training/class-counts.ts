import type { ClassAnswers, ClassConfusion } from 'dna-nas/accuracy';
import type { DataDescription } from 'dna-nas/core/contracts';
import type { ClassResult } from 'dna-nas/core/stages';

/** By class: images that were looked at, and how many of them the network was right on. */
export interface ClassCounts {
  readonly images: readonly number[];
  readonly right: readonly number[];
  /** Of the others, how many were told to be another class, by `class>told`; absent in counts of earlier versions. */
  readonly confused?: Readonly<Record<string, number>>;
}

/** Classes of which one has this many times the images of another are unbalanced. */
const UNBALANCED = 1.5;
/** Pairs of classes that are kept; up to seventy classes have no more. */
const MOST_PAIRS = 5000;

/** None of any class. */
export function noCounts(classes: number): ClassCounts {
  const none = new Array<number>(classes).fill(0);
  return { images: none, right: none, confused: {} };
}

/** The counts with some images more, of these labels, by the class that the network told of each: −1 where none. */
export function addCounts(
  counts: ClassCounts,
  labels: ArrayLike<number>,
  told: readonly number[],
): ClassCounts {
  const images = [...counts.images];
  const right = [...counts.right];
  const confused = { ...counts.confused };
  told.forEach((one, image) => {
    const label = labels[image]!;
    images[label]!++;
    if (one === label) right[label]!++;
    else if (one >= 0) confused[`${label}>${one}`] = (confused[`${label}>${one}`] ?? 0) + 1;
  });
  return { images, right, ...(counts.confused && { confused }) };
}

/** What a network told of all classes; nothing where the counts do not say which classes it took for others. */
export function classAnswers(
  { images, right, confused }: ClassCounts,
  { classNames }: Pick<DataDescription, 'classNames'>,
): ClassAnswers | undefined {
  if (!confused) return undefined;
  const pairs = Object.entries(confused).map(([pair, count]): ClassConfusion => {
    const [label, told] = pair.split('>').map(Number);
    return [label!, told!, count];
  });
  return {
    classes: images.map((_, label) => classNames?.[label] ?? String(label)),
    ...{ images, right },
    confused: pairs.sort((a, b) => b[2] - a[2] || a[0] - b[0] || a[1] - b[1]).slice(0, MOST_PAIRS),
  };
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
