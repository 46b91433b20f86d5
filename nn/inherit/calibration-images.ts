import type { TrainingWorld } from 'dna-nas/core/stages';
import { type Tensor4D, tensor4d } from '../tensor.js';
import { BatchOrder } from '../training/index.js';

/** Training images that statistics are of: more change them little. */
const BATCHES = 16;
const BATCH = 128;

/** Shows some batches of training images, unaugmented, the same each time; of fewer batches, the first ones. */
export async function eachCalibrationBatch(
  { data, dataset, random }: TrainingWorld,
  look: (images: Tensor4D) => void,
  batches = BATCHES,
): Promise<void> {
  const { height, width, channels } = data.image;
  const order = new BatchOrder(random.fork('inherit'), data.size.train, Math.min(BATCH, data.size.train));
  for (let batch = 0; batch < batches; batch++) {
    const { images, labels } = await dataset.read('train', order.indices(batch));
    const input = tensor4d(images, [labels.length, height, width, channels]);
    try {
      look(input);
    } finally {
      input.dispose();
    }
  }
}
