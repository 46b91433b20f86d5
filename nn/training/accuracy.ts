import { type Dataset, ReadAhead, type Split } from 'dna-nas/core';
import { type Tensor2D, type Tensor4D, tensor4d, tidy } from '../tensor.js';

/** Share of images whose largest logit is their label's, ties to the lower class. logits [n, classes]. */
export function countCorrect(logits: Tensor2D, labels: Int32Array): number {
  const values = logits.dataSync();
  const classes = logits.shape[1];
  let correct = 0;
  for (let image = 0; image < labels.length; image++) {
    let best = 0;
    for (let index = 1; index < classes; index++) {
      if (values[image * classes + index]! > values[image * classes + best]!) best = index;
    }
    if (best === labels[image]) correct++;
  }
  return correct;
}

export interface SplitAccuracyOptions {
  readonly split: Split;
  readonly batch: number;
  /** Told the images of each batch. */
  progress?(images: number): void;
  /** Told the seconds that each batch was waited for. */
  waited?(seconds: number): void;
  /** Told what a user should know about the images. */
  noticed?(text: string): void;
}

/** Top-1 accuracy on a whole split, 0 to 1. */
export async function splitAccuracy(
  classify: (images: Tensor4D) => Tensor2D,
  dataset: Dataset,
  options: SplitAccuracyOptions,
): Promise<number> {
  const { image, size } = dataset.description;
  const { split, batch, progress, waited, noticed } = options;
  const total = size[split];
  const steps = Math.ceil(total / batch);
  const imagesOf = (step: number) => Math.min(batch, total - step * batch);
  const batches = new ReadAhead(dataset, {
    split,
    request: (step) => ({
      indices: Uint32Array.from({ length: imagesOf(step) }, (_, offset) => step * batch + offset),
      options: { ...(noticed && { noticed }) },
    }),
    end: steps,
    depth: 1,
    ...(waited && { waited }),
  });
  let correct = 0;
  for (let step = 0; step < steps; step++) {
    const count = imagesOf(step);
    const { images, labels } = await batches.take(step);
    correct += tidy(() =>
      countCorrect(classify(tensor4d(images, [count, image.height, image.width, image.channels])), labels),
    );
    progress?.(count);
  }
  return correct / total;
}
