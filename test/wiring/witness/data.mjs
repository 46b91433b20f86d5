// A data set whose pixels tell what they are: every pixel of an image is [its index, 1 | 2 | 3 for the split, 0 or,
// augmented, 1 for distilling and 2 for retraining].
import { definePlugin } from 'dna-nas/core';
import { note } from './log.mjs';

const SIZE = { train: 48, validation: 24, test: 20 };
const SPLITS = Object.keys(SIZE);
const IMAGE = { height: 16, width: 16, channels: 3 };
const CLASSES = 4;
const description = { name: 'witness', image: IMAGE, classes: CLASSES, size: SIZE, fingerprint: 'witness' };

function read(split, indices, { augment, stage = 'distill' } = {}) {
  const pixels = IMAGE.height * IMAGE.width;
  const images = new Float32Array(indices.length * pixels * 3);
  const augmented = augment ? { distill: 1, retrain: 2 }[stage] : 0;
  for (const [place, index] of Array.from(indices).entries()) {
    for (let pixel = 0; pixel < pixels; pixel++)
      images.set([index, 1 + SPLITS.indexOf(split), augmented], (place * pixels + pixel) * 3);
  }
  note('data', { split, images: Array.from(indices), augmented, stream: augment?.key() });
  return { images, labels: Int32Array.from(indices, (index) => index % CLASSES) };
}

export default definePlugin({
  name: 'witness-data',
  description: 'Images whose pixels tell index, split and augmentation.',
  module: import.meta.url,
  apply(run) {
    const dataset = { description, shared: () => undefined, read, close() {} };
    run.hooks.resolveData.tap('witness-data', () => ({ open: async () => dataset }));
  },
});
