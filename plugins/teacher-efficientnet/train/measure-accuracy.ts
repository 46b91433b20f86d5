import type { Dataset, ForwardContext, Split } from 'dna-nas/core';
import { type Module, tf } from 'dna-nas/nn';

const EVALUATE: ForwardContext = { mode: 'evaluate' };
const BATCH = 250;

/** Share of a split's images that a network classifies rightly, 0 to 1. */
export async function measureAccuracy(network: Module, dataset: Dataset, split: Split): Promise<number> {
  const { size, image } = dataset.description;
  let right = 0;
  for (let first = 0; first < size[split]; first += BATCH) {
    const indices = Array.from({ length: Math.min(BATCH, size[split] - first) }, (_, index) => first + index);
    const { images, labels } = await dataset.read(split, indices);
    const classes = tf.tidy(() => {
      const x = tf.tensor4d(images, [labels.length, image.height, image.width, image.channels]);
      return tf.argMax(network.forward(x, EVALUATE), -1).dataSync();
    });
    for (const [index, label] of labels.entries()) if (classes[index] === label) right++;
  }
  return right / size[split];
}
