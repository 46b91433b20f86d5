import type { Dataset, Split } from 'dna-nas/core';
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

/** Top-1 accuracy on a whole split, 0 to 1. `progress` is told the images of each batch. */
export async function splitAccuracy(
  classify: (images: Tensor4D) => Tensor2D,
  dataset: Dataset,
  options: { split: Split; batch: number; progress?: (images: number) => void },
): Promise<number> {
  const { image, size } = dataset.description;
  const { split, batch, progress } = options;
  const total = size[split];
  let correct = 0;
  for (let first = 0; first < total; first += batch) {
    const count = Math.min(batch, total - first);
    const indices = Uint32Array.from({ length: count }, (_, offset) => first + offset);
    const { images, labels } = await dataset.read(split, indices);
    correct += tidy(() =>
      countCorrect(classify(tensor4d(images, [count, image.height, image.width, image.channels])), labels),
    );
    progress?.(count);
  }
  return correct / total;
}
