import { type CudaKernel, cudaKernel } from '../cuda-kernel.js';
import { ownOp } from './own-ops.js';

const forward = cudaKernel('MbConvTraining', (call, inputs, attributes) =>
  ownOp(call, 'MbConvTraining', { ...inputs, ...attributes }),
);

const gradient = cudaKernel('MbConvTrainingGrad', (call, inputs, attributes) =>
  ownOp(call, 'MbConvTrainingGrad', { ...inputs, ...attributes }),
);

const folded = cudaKernel('MbConvFolded', (call, tensors, attributes) =>
  ownOp(call, 'MbConvFolded', { tensors, ...attributes }),
);

/** Ops of our own alone: elsewhere the kernels of its parts run. */
export const MB_CONVS: readonly CudaKernel[] = [forward, gradient, folded];
