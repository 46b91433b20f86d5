import type { Network } from 'dna-nas/core/contracts';
import type { TrainingWorld } from 'dna-nas/core/stages';
import { CALIBRATE } from '../module.js';
import { tidy } from '../tensor.js';
import { KeptStatistics } from '../training/index.js';
import { eachCalibrationBatch } from './calibration-images.js';

/** Gives all batch norms of a network the means of their statistics over some batches of training images, unaugmented. */
export async function recalibrate(network: Network, world: TrainingWorld): Promise<void> {
  const buffers = [...network.tensors().values()].filter(({ role }) => role === 'buffer');
  const statistics = new KeptStatistics();
  await eachCalibrationBatch(world, (images) => {
    tidy(() => void network.forward(images, CALIBRATE));
    statistics.add(buffers);
  });
  statistics.restore(buffers);
  statistics.dispose();
}
