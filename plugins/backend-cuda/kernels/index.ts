import type { CudaKernel } from '../cuda-kernel.js';
import { ACTIVATIONS } from './activation.js';
import { BATCH_NORMS } from './batch-norm.js';
import { BLENDS } from './blend.js';
import { CHANNELS } from './channels.js';
import { CONVOLUTIONS } from './convolutions.js';
import { MATRIX_PRODUCTS } from './matrix-products.js';
import { MB_CONVS } from './mb-conv.js';
import { OPTIMISER_STEPS } from './optimiser-steps.js';
import { CLASSIFICATION_LOSSES } from './softmax-cross-entropy.js';

/** Our named kernels on TensorFlow's ops. */
export const CUDA_KERNELS: readonly CudaKernel[] = [
  ...MATRIX_PRODUCTS,
  ...CONVOLUTIONS,
  ...BATCH_NORMS,
  ...ACTIVATIONS,
  ...CHANNELS,
  ...BLENDS,
  ...OPTIMISER_STEPS,
  ...CLASSIFICATION_LOSSES,
];

/** Those that run where ops of our own do, and nowhere else. */
export const OWN_KERNELS: readonly CudaKernel[] = MB_CONVS;
