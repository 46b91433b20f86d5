import type { Config } from 'dna-nas/configuration';
import { MULTI_CELL } from './cells.js';
import { paperSmoke } from './smoke.js';

/** What the paper's experiments differ in. */
export interface PaperOptions {
  /** timm's name of the teacher, with the tag of its weights. */
  readonly teacher: string;
  /** Blocks of the student's space. @default MULTI_CELL */
  readonly blocks?: typeof MULTI_CELL;
  /** How the cells are distilled. @default 'blockwise', the paper's own way */
  readonly strategy?: 'blockwise' | 'progressive-s1' | 'progressive-s2';
  /** Multipliers at which the found network is retrained. @default 1 and 1 */
  readonly scale?: { readonly width: number; readonly depth: number };
}

/** Number of parameters of EfficientNet-B0: the paper's networks are to have no more. */
const B0_PARAMETERS = 5_288_548;

/** The paper's search on ImageNet, with every setting that the paper or its authors' code tells. */
export function paperSearch(options: PaperOptions): Config {
  const { teacher, blocks = MULTI_CELL, strategy = 'blockwise', scale } = options;
  return {
    seed: 1,
    backend: 'auto',
    data: {
      use: 'imagenet',
      imageSize: 224,
      // Rating has its images from the training set; the test split is ImageNet's own validation set.
      heldOutPerClass: 50,
      crop: { scale: [0.08, 1], ratio: [3 / 4, 4 / 3] },
      interpolation: 'random',
      augment: {
        flip: 0.5,
        colourJitter: { brightness: 0.4, contrast: 0.4, saturation: 0.4 },
        erase: { probability: 0.5, fill: 'pixel' },
      },
    },
    // As in the authors' code; on NAS-Bench-Macro ratings by it rank better than by the teacher's own statistics.
    teacher: { use: 'efficientnet', architecture: teacher, weights: 'pretrained', statistics: 'batch' },
    partition: 'resolution',
    space: {
      use: 'mbconv',
      kernels: [3, 5, 7],
      expansions: [3, 6],
      squeezeExcite: 0.25,
      stem: { channels: 32, stride: 2, separable: 16 },
      blocks,
      head: 1280,
      // The student is PyTorch's, its teacher TensorFlow's.
      padding: 'symmetric',
    },
    supernet: { use: 'multi-cell', sampling: 'uniform' },
    distill: {
      // All three have the options below.
      use: strategy as 'blockwise',
      epochs: 20,
      // The paper's eight GPUs: each draws its own path for its 64 images, and the eight gradients are averaged.
      microBatch: 64,
      pathsPerStep: 8,
      loss: 'feature-mse',
      optimiser: { use: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-4 },
      // As in the authors' code: Adam's moments move on what a step does not use, and the rate of the first epoch is
      // already 0.9 of 0.005, or of 0.002 for the first and the last block.
      offPath: 'momentum',
      learningRate: { use: 'step', rate: 0.0045, factor: 0.9, every: 1 },
      learningRateFactors: [0.4, 1, 1, 1, 1, 0.4],
    },
    // The authors' eight GPUs rate on 19 batches of 64 each, by statistics of an augmented batch each.
    rank: {
      use: 'candidates',
      rating: 'relative-l1',
      batch: 64,
      batches: 150,
      calibrationBatches: 8,
      calibrationAugment: true,
    },
    search: { use: 'exact', limits: { params: B0_PARAMETERS } },
    retrain: { use: 'scratch', recipe: 'paper', images: 'all', networks: ['found'], ...(scale && { scale }) },
    reports: ['console', 'json', 'html'],
    smoke: paperSmoke,
  };
}
