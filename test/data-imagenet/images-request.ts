import type { ConfigRequest } from 'dna-nas/configuration';
import { TINY } from '../run/tiny-run.js';
import { golden } from './open-images.js';

/** The tiny run on the golden images, augmented, with a teacher that nobody trained. */
export function imagesRequest(project: string, set: readonly string[] = []): ConfigRequest {
  const architecture = {
    stem: 8,
    stages: ['ds_r1_k3_s1_e1_c8', 'ir_r1_k3_s2_e2_c12', 'ir_r1_k3_s2_e2_c16'],
    head: 16,
  };
  const config = {
    ...TINY,
    data: {
      use: 'imagenet',
      path: golden.images,
      imageSize: 16,
      heldOutPerClass: 1,
      testShare: 0,
      augment: { flip: 0.5, erase: { probability: 0.5 } },
      retrainAugment: { colourJitter: { brightness: 0.4 } },
    },
    teacher: {
      use: 'efficientnet',
      weights: 'untrained',
      architecture,
      classes: 3,
      image: { height: 16, width: 16, channels: 3 },
    },
    distill: { ...(TINY.distill as object), epochs: 2, batch: 4 },
    rank: { use: 'candidates', batch: 3, batches: 1 },
    retrain: { ...(TINY.retrain as object), epochs: 1, batch: 4 },
  };
  return { project, config, set };
}
