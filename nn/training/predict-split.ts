import { wilsonInterval } from 'dna-nas/accuracy';
import type { DataDescription, Split } from 'dna-nas/core/contracts';
import { type Tensor2D, type Tensor4D, tensor4d, tidy } from '../tensor.js';
import type { MeasurableImages } from './accuracy.js';
import {
  addCounts,
  type ClassCounts,
  noCounts,
  type UnbalancedAccuracy,
  unbalancedAccuracy,
} from './class-counts.js';
import { ReadAhead } from './read-ahead.js';

/** What a network makes of one image. */
export interface Prediction {
  readonly label: number;
  /** Likeliest first. */
  readonly classes: readonly number[];
}

export interface PredictOptions {
  readonly split: Split;
  /** Images at a time. */
  readonly batch: number;
  /** Most images, evenly of the split. @default all */
  readonly images?: number;
  /** Is told the images of each batch. */
  readonly progress?: (images: number) => void;
  /** Is told what a user should know about the images. */
  readonly noticed?: ((text: string) => void) | undefined;
}

/** Classes told of each image. */
const BEST = 5;

/** The five likeliest classes of each image of a split, or of some, in its order; ties go to the lower class. */
export async function predictSplit(
  classify: (images: Tensor4D) => Tensor2D,
  dataset: MeasurableImages,
  { split, batch, progress, noticed, images: most }: PredictOptions,
): Promise<Prediction[]> {
  const { image, size } = dataset.description;
  const images = Math.min(most ?? size[split], size[split]);
  const batches = Array.from({ length: Math.ceil(images / batch) }, (_, index) => {
    const first = index * batch;
    const count = Math.min(batch, images - first);
    return Uint32Array.from({ length: count }, (_, at) => Math.floor(((first + at) * size[split]) / images));
  });
  const request = (index: number) => ({ indices: batches[index]!, options: { ...(noticed && { noticed }) } });
  const reader = new ReadAhead(dataset, { split, request, end: batches.length, depth: 1 });
  const found: Prediction[] = [];
  for (const index of batches.keys()) {
    const { images, labels } = await reader.take(index);
    const shape: [number, number, number, number] = [
      labels.length,
      image.height,
      image.width,
      image.channels,
    ];
    const best = tidy(() => bestClasses(classify(tensor4d(images, shape))));
    for (const [image, classes] of best.entries()) found.push({ label: labels[image]!, classes });
    progress?.(labels.length);
  }
  return found;
}

/** logits [n, classes] → the best of each row. */
function bestClasses(logits: Tensor2D): number[][] {
  const values = logits.dataSync();
  const [images, classes] = logits.shape;
  return Array.from({ length: images }, (_, image) => {
    const row = values.subarray(image * classes, (image + 1) * classes);
    const order = Array.from(row, (_, index) => index);
    return order.sort((a, b) => row[b]! - row[a]! || a - b).slice(0, BEST);
  });
}

/** Accuracy on a set of images, with 95 % confidence intervals. */
export interface PredictionAccuracy extends UnbalancedAccuracy {
  readonly images: number;
  /** `teacher`: the data have no labels, and all of this is agreement with its first answers. */
  readonly agreementWith?: 'teacher';
  /** 0 to 1. */
  readonly top1: number;
  readonly top5: number;
  readonly top1Interval: readonly [low: number, high: number];
  readonly top5Interval: readonly [low: number, high: number];
}

/** Throws where there is no prediction. */
export function accuracyOf(
  predictions: readonly Prediction[],
  data: Pick<DataDescription, 'classes' | 'classNames' | 'labels'>,
): PredictionAccuracy {
  const images = predictions.length;
  const hits = (most: number) =>
    predictions.filter(({ label, classes }) => classes.slice(0, most).includes(label)).length;
  const [first, five] = [hits(1), hits(BEST)];
  return {
    ...{ images, top1: first / images, top5: five / images },
    ...(data.labels === false
      ? { agreementWith: 'teacher' as const }
      : unbalancedAccuracy(classCounts(predictions, data.classes), data)),
    ...{ top1Interval: wilsonInterval(first, images), top5Interval: wilsonInterval(five, images) },
  };
}

function classCounts(predictions: readonly Prediction[], classes: number): ClassCounts {
  const labels = predictions.map(({ label }) => label);
  const told = predictions.map(({ classes: [best = -1] }) => best);
  return addCounts(noCounts(classes), labels, told);
}
