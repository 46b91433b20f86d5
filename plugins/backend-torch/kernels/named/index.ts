import type { TorchKernel } from '../../torch-kernel.js';
import { BATCH_NORMS } from './batch-norm-training.js';
import { CONVOLUTIONS } from './convolutions.js';
import { ELEMENTWISE } from './elementwise.js';
import { MATRIX_PRODUCTS } from './matrix-products.js';
import { MB_CONV_FOLDED } from './mb-conv-folded.js';
import { MB_CONV_TRAINING } from './mb-conv-training.js';
import { OPTIMISER_STEPS } from './optimiser-steps.js';

/** Our named kernels. */
export const NAMED_KERNELS: readonly TorchKernel[] = [
  ...MATRIX_PRODUCTS,
  ...CONVOLUTIONS,
  ...BATCH_NORMS,
  ...ELEMENTWISE,
  ...OPTIMISER_STEPS,
  ...MB_CONV_TRAINING,
  MB_CONV_FOLDED,
];
