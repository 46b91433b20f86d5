import { appendBits } from 'dna-nas/accuracy';
import type { Dataset, Split } from 'dna-nas/core/contracts';
import type { Accuracy } from 'dna-nas/core/stages';
import { type Tensor2D, type Tensor4D, tensor4d, tidy } from '../tensor.js';
import { addCounts, type ClassCounts, noCounts } from './class-counts.js';
import { ReadAhead } from './read-ahead.js';

/** How many guesses count for top-5. */
const FIVE = 5;

/**
 * For each image how many classes the network prefers to the label's, ties to the lower class: 0 where it is right.
 * logits [n, classes]. Infinity where the label's logit is no number.
 */
export function labelRanks(logits: Tensor2D, labels: Int32Array): number[] {
  return guessesOf(logits, labels).map(({ rank }) => rank);
}

/** The rank of the label as `labelRanks` gives it, and the class that comes first; −1 where no logit is a number. */
type Guess = { rank: number; told: number };

function guessesOf(logits: Tensor2D, labels: Int32Array): Guess[] {
  const values = logits.dataSync();
  const classes = logits.shape[1];
  return Array.from(labels, (label, image) => {
    const row = values.subarray(image * classes, (image + 1) * classes);
    const own = row[label]!;
    let [rank, told] = [0, -1];
    for (let index = 0; index < classes; index++) {
      const value = row[index]!;
      if (value > own || (value === own && index < label)) rank++;
      if (!Number.isNaN(value) && (told < 0 || value > row[told]!)) told = index;
    }
    return { rank: Number.isNaN(own) ? Number.POSITIVE_INFINITY : rank, told };
  });
}

/** Number of images whose largest logit is their label's, ties to the lower class. logits [n, classes]. */
export function countCorrect(logits: Tensor2D, labels: Int32Array): number {
  return labelRanks(logits, labels).filter((rank) => rank === 0).length;
}

/** How far a measurement has come. */
export interface AccuracyTally {
  /** Images that were looked at, from the split's first on. */
  readonly images: number;
  /** Of how many of them the label was the first class, and among the first five. */
  readonly first: number;
  readonly five: number;
  /** For each of them whether the label was the first class: a text for `readBits`. */
  readonly right: string;
  readonly classes: ClassCounts;
}

/** What a measurement of a whole split found. */
export interface MeasuredAccuracy extends Accuracy, Pick<AccuracyTally, 'right' | 'classes'> {
  /** Images of the split. */
  readonly images: number;
}

interface Measuring {
  readonly split: Split;
  /** Images of a batch. */
  readonly batch: number;
  /** Told the seconds that each batch was waited for. */
  waited?(seconds: number): void;
  /** Told what a user should know about the images. */
  noticed?(text: string): void;
}

export interface AccuracyRequest extends Measuring {
  /** Where an earlier measurement has ended. @default the first image */
  readonly from?: AccuracyTally | undefined;
  /** Told the images of each batch and the tally after it; may throw to end the measurement. */
  progress?(images: number, tally: AccuracyTally): void | Promise<void>;
}

/** The same for several classifiers, with a tally each. */
export interface AccuraciesRequest extends Measuring {
  readonly from?: readonly AccuracyTally[] | undefined;
  progress?(images: number, tallies: readonly AccuracyTally[]): void | Promise<void>;
}

/** What a measurement needs of a data set. */
export type MeasurableImages = Pick<Dataset, 'description' | 'read' | 'prefetch'>;

/** images [n,h,w,c] → logits [n, classes] */
type Classify = (images: Tensor4D) => Tensor2D;

/** Top-1 and top-5 accuracy on a whole split, how many images it has and which of them were right. */
export async function measureAccuracy(
  classify: Classify,
  dataset: MeasurableImages,
  { from, progress, ...request }: AccuracyRequest,
): Promise<MeasuredAccuracy> {
  const [measured] = await measureAccuracies([classify], dataset, {
    ...request,
    ...(from && { from: [from] }),
    progress: (images, [tally]) => progress?.(images, tally!),
  });
  return measured!;
}

/** The accuracy of each classifier; every image is read once for all of them. */
export async function measureAccuracies(
  classifiers: readonly Classify[],
  dataset: MeasurableImages,
  request: AccuraciesRequest,
): Promise<MeasuredAccuracy[]> {
  const { image, size, classes } = dataset.description;
  const total = size[request.split];
  const none = { images: 0, first: 0, five: 0, right: '', classes: noCounts(classes) };
  let tallies: readonly AccuracyTally[] = request.from ?? classifiers.map(() => none);
  let { images: seen } = tallies[0]!;
  const batches = splitBatches(dataset, request, seen);
  for (let step = 0; seen < total; step++) {
    const { images, labels } = await batches.take(step);
    const shape: [number, number, number, number] = [
      labels.length,
      image.height,
      image.width,
      image.channels,
    ];
    const guesses = tidy(() => {
      const pixels = tensor4d(images, shape);
      return classifiers.map((classify) => guessesOf(classify(pixels), labels));
    });
    tallies = tallies.map((tally, index) => withBatch(tally, guesses[index]!, labels));
    seen += labels.length;
    await request.progress?.(labels.length, tallies);
  }
  return tallies.map(({ first, five, right, classes: counts }) => ({
    ...{ top1: first / total, top5: five / total, images: total },
    ...{ right, classes: counts },
  }));
}

function withBatch(tally: AccuracyTally, guesses: readonly Guess[], labels: Int32Array): AccuracyTally {
  const right = guesses.map(({ rank }) => rank === 0);
  return {
    images: tally.images + labels.length,
    first: tally.first + right.filter(Boolean).length,
    five: tally.five + guesses.filter(({ rank }) => rank < FIVE).length,
    right: appendBits(tally.right, tally.images, right),
    classes: addCounts(
      tally.classes,
      labels,
      guesses.map(({ told }) => told),
    ),
  };
}

/** The images of a split in their order from `start` on, one batch read ahead. */
function splitBatches(dataset: MeasurableImages, request: Measuring, start: number): ReadAhead {
  const { split, batch, waited, noticed } = request;
  const total = dataset.description.size[split];
  return new ReadAhead(dataset, {
    split,
    request: (step) => {
      const first = start + step * batch;
      const count = Math.min(batch, total - first);
      return {
        indices: Uint32Array.from({ length: count }, (_, offset) => first + offset),
        options: { ...(noticed && { noticed }) },
      };
    },
    end: Math.ceil((total - start) / batch),
    depth: 1,
    ...(waited && { waited }),
  });
}

/** Top-1 accuracy on a whole split, 0 to 1. */
export async function splitAccuracy(
  classify: (images: Tensor4D) => Tensor2D,
  dataset: Dataset,
  request: AccuracyRequest,
): Promise<number> {
  return (await measureAccuracy(classify, dataset, request)).top1;
}
