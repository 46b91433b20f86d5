import type { Smoke } from 'dna-nas/configuration';
import { smokeImages } from './smoke-images.js';

/** Small enough for minutes on two cores, and divisible by the network's strides. */
const IMAGE_SIZE = 64;

/**
 * The paper's search with few steps on 64-pixel JPEG images that it draws itself, and a teacher with random weights:
 * the same blocks, cells, candidates, partition, losses and settings; every stage real.
 */
export async function paperSmoke(project: string): Promise<Smoke> {
  return {
    data: { path: await smokeImages(project), imageSize: IMAGE_SIZE, heldOutPerClass: 2 },
    teacher: {
      weights: 'untrained',
      image: { height: IMAGE_SIZE, width: IMAGE_SIZE, channels: 3 },
    },
    distill: { epochs: 1, microBatch: 4, pathsPerStep: 2 },
    rank: { batch: 8, batches: 1, calibrationBatches: 1 },
    retrain: { epochs: 1, batch: 16, microBatch: 8 },
  };
}
