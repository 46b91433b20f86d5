import type { TorchKernel } from '../torch-kernel.js';
import { MATRIX_KERNELS } from './matrices.js';

/** Every kernel of the backend. */
export const TORCH_KERNELS: readonly TorchKernel[] = [...MATRIX_KERNELS];
