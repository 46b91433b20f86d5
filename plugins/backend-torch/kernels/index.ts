import type { TorchKernel } from '../torch-kernel.js';
import { ACTIVATION_KERNELS } from './activations.js';
import { ARG_REDUCTION_KERNELS } from './arg-reduce.js';
import { BINARY_KERNELS } from './binary.js';
import { CAST_KERNELS } from './cast.js';
import { CONCAT_KERNELS } from './concat.js';
import { CONVOLUTION_KERNELS } from './convolutions.js';
import { CONVOLUTION_3D_KERNELS } from './convolutions-3d.js';
import { CUMULATIVE_KERNELS } from './cumulative.js';
import { EINSUM_KERNELS } from './einsum.js';
import { FILL_KERNELS } from './fill.js';
import { GATHER_KERNELS } from './gather.js';
import { IMAGE_KERNELS } from './images.js';
import { MATRIX_KERNELS } from './matrices.js';
import { missingKernels } from './missing.js';
import { NAMED_KERNELS } from './named/index.js';
import { NORMALISATION_KERNELS } from './normalisation.js';
import { ONE_HOT_KERNELS } from './one-hot.js';
import { PAD_KERNELS } from './pad.js';
import { POOLING_KERNELS } from './pooling.js';
import { RANDOM_KERNELS } from './random.js';
import { REDUCTION_KERNELS } from './reduce.js';
import { RESHAPE_KERNELS } from './reshape.js';
import { SCATTER_KERNELS } from './scatter.js';
import { SELECT_KERNELS } from './select.js';
import { SLICE_KERNELS } from './slice.js';
import { SOFTMAX_KERNELS } from './softmax.js';
import { SORT_KERNELS } from './sort.js';
import { SPACE_DEPTH_KERNELS } from './space-depth.js';
import { UNARY_KERNELS } from './unary.js';

const KERNELS: readonly TorchKernel[] = [
  ...NAMED_KERNELS,
  ...MATRIX_KERNELS,
  ...CONVOLUTION_KERNELS,
  ...CONVOLUTION_3D_KERNELS,
  ...POOLING_KERNELS,
  ...NORMALISATION_KERNELS,
  ...IMAGE_KERNELS,
  ...SPACE_DEPTH_KERNELS,
  ...ACTIVATION_KERNELS,
  ...ARG_REDUCTION_KERNELS,
  ...BINARY_KERNELS,
  ...CAST_KERNELS,
  ...CONCAT_KERNELS,
  ...CUMULATIVE_KERNELS,
  ...EINSUM_KERNELS,
  ...FILL_KERNELS,
  ...GATHER_KERNELS,
  ...ONE_HOT_KERNELS,
  ...PAD_KERNELS,
  ...RANDOM_KERNELS,
  ...REDUCTION_KERNELS,
  ...RESHAPE_KERNELS,
  ...SCATTER_KERNELS,
  ...SELECT_KERNELS,
  ...SLICE_KERNELS,
  ...SOFTMAX_KERNELS,
  ...SORT_KERNELS,
  ...UNARY_KERNELS,
];

/** Every kernel of the backend. */
export const TORCH_KERNELS: readonly TorchKernel[] = [...KERNELS, ...missingKernels(KERNELS)];
