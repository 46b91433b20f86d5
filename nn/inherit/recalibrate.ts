import type { Network } from 'dna-nas/core/contracts';
import type { TrainingWorld } from 'dna-nas/core/stages';
import { KeptStatistics } from '../distill/index.js';
import { CALIBRATE } from '../module.js';
import { tensor4d, tidy } from '../tensor.js';
import { BatchOrder } from '../training/index.js';

/** Training images that the statistics are of: more change them little. */
const BATCHES = 16;
const BATCH = 128;

/** Gives all batch norms of a network the means of their statistics over some batches of training images, unaugmented. */
export async function recalibrate(network: Network, { data, dataset, random }: TrainingWorld): Promise<void> {
  const { height, width, channels } = data.image;
  const order = new BatchOrder(random.fork('inherit'), data.size.train, Math.min(BATCH, data.size.train));
  const buffers = [...network.tensors().values()].filter(({ role }) => role === 'buffer');
  const statistics = new KeptStatistics();
  for (let batch = 0; batch < BATCHES; batch++) {
    const { images, labels } = await dataset.read('train', order.indices(batch));
    tidy(() => void network.forward(tensor4d(images, [labels.length, height, width, channels]), CALIBRATE));
    statistics.add(buffers);
  }
  statistics.restore(buffers);
  statistics.dispose();
}
