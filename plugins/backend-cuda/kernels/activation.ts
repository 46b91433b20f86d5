import type { Activation } from 'dna-nas/nn/kernels';
import type { NativeTensor } from '../binding.js';
import { type CudaKernel, cudaKernel, type KernelCall } from '../cuda-kernel.js';

/** activation(x); x itself for none. */
export function activated(call: KernelCall, x: NativeTensor, activation: Activation): NativeTensor {
  if (activation === 'none') return x;
  if (activation === 'relu') return call.op('Relu', [x]);
  if (activation === 'relu6') return call.op('Relu6', [x]);
  const sigmoid = call.op('Sigmoid', [x]);
  return activation === 'sigmoid' ? sigmoid : call.op('Mul', [x, sigmoid]);
}

/** The gradient of x from that of activation(x). */
export function activationGradient(
  call: KernelCall,
  { dy, x }: { dy: NativeTensor; x: NativeTensor },
  activation: Activation,
): NativeTensor {
  if (activation === 'none') return dy;
  if (activation === 'relu') return call.op('ReluGrad', [dy, x]);
  if (activation === 'relu6') return call.op('Relu6Grad', [dy, x]);
  const sigmoid = call.op('Sigmoid', [x]);
  if (activation === 'sigmoid') return call.op('SigmoidGrad', [sigmoid, dy]);
  // dy · (s + x · s · (1 − s)): SigmoidGrad is the product of its second factor with s · (1 − s).
  const inner = call.op('SigmoidGrad', [sigmoid, call.op('Mul', [dy, x])]);
  return call.op('AddV2', [call.op('Mul', [dy, sigmoid]), inner]);
}

const activate = cudaKernel('Activate', (call, { x }, { activation }) => activated(call, x, activation));
const activateGrad = cudaKernel('ActivateGrad', (call, inputs, { activation }) =>
  activationGradient(call, inputs, activation),
);

export const ACTIVATIONS: readonly CudaKernel[] = [activate, activateGrad];
