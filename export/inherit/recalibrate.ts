import type { Network } from 'dna-nas/core/contracts';
import type { TrainingWorld } from 'dna-nas/core/stages';
import { CALIBRATE, tf } from 'dna-nas/nn';
import { KeptStatistics } from 'dna-nas/nn/distill';
import { BatchOrder } from 'dna-nas/nn/training';

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
    tf.tidy(
      () => void network.forward(tf.tensor4d(images, [labels.length, height, width, channels]), CALIBRATE),
    );
    statistics.add(buffers);
  }
  statistics.restore(buffers);
  statistics.dispose();
}
