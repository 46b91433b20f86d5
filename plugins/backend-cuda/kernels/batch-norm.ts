import type { Activation } from 'dna-nas/nn/kernels';
import type { NativeTensor } from '../binding.js';
import { attribute, type CudaKernel, cudaKernel, type KernelCall, type Operand } from '../cuda-kernel.js';
import { activated, activationGradient } from './activation.js';
import { hasOwnOps, ownOp } from './own-ops.js';

/** TensorFlow's op is for images: every position of another shape is one of one pixel. */
function asImages(call: KernelCall, x: NativeTensor): NativeTensor {
  if (x.shape.length === 4) return x;
  const channels = x.shape.at(-1)!;
  const shape = [x.shape.reduce((product, extent) => product * extent, 1) / channels, 1, 1, channels];
  return { ...call.op('Reshape', [x, call.integers(shape)]), shape };
}

function likeInput(call: KernelCall, y: NativeTensor, { shape }: NativeTensor): NativeTensor {
  return shape.length === 4 ? y : call.op('Reshape', [y, call.integers(shape)]);
}

const options = (training: boolean, epsilon: number) => [
  attribute.bool('is_training', training),
  attribute.float('epsilon', epsilon),
];

/** x · scale + shift with other statistics than the batch's: one pass. */
function normalised(
  call: KernelCall,
  x: NativeTensor,
  vectors: readonly (NativeTensor | number)[],
  epsilon: number,
): NativeTensor {
  const [y] = call.ops('FusedBatchNormV2', [asImages(call, x), ...vectors], options(false, epsilon), 5);
  return likeInput(call, y!, x);
}

const OUTPUTS = 5;

const forward = cudaKernel('BatchNormTraining', (call, inputs, { epsilon, activation }) => {
  if (hasOwnOps(call)) return ownOp(call, 'BatchNormTraining', { ...inputs, epsilon, activation });
  const { x, scale, offset } = inputs;
  const images = asImages(call, x);
  const given = [images, scale, offset, call.vector(0, 0), call.vector(0, 0)];
  const [y, mean, unbiased] = call.ops('FusedBatchNormV2', given, options(true, epsilon), OUTPUTS);
  const positions = images.shape[0]! * images.shape[1]! * images.shape[2]!;
  const share = positions > 1 ? (positions - 1) / positions : 1;
  const variance = call.op('Mul', [unbiased!, call.scalar(share)]);
  return { y: activated(call, likeInput(call, y!, x), activation), mean: mean!, variance };
});

const gradient = cudaKernel('BatchNormTrainingGrad', (call, inputs, { epsilon, activation }) => {
  if (hasOwnOps(call)) return ownOp(call, 'BatchNormTrainingGrad', { ...inputs, epsilon, activation });
  const { x, scale, offset, mean, variance } = inputs;
  let { dy } = inputs;
  if (activation !== 'none') {
    const inner = normalised(call, x, [scale, offset, mean, variance], epsilon);
    dy = activationGradient(call, { dy, x: inner }, activation);
  }
  const given = [asImages(call, dy), asImages(call, x), scale, mean, spreadOf(call, variance, epsilon)];
  const [dx, dscale, doffset] = call.ops('FusedBatchNormGradV2', given, options(true, epsilon), OUTPUTS);
  return { dx: likeInput(call, dx!, x), dscale: dscale!, doffset: doffset! };
});

/** What the gradient is told of the variance: on a GPU cuDNN's form of it, 1/√(variance + epsilon). */
function spreadOf(call: KernelCall, variance: NativeTensor, epsilon: number): NativeTensor {
  if (!call.backend.isUsingGpuDevice) return variance;
  return call.op('Rsqrt', [call.op('AddV2', [variance, call.scalar(epsilon)])]);
}

const scaleShift = cudaKernel('ScaleShift', (call, inputs, { activation }) =>
  scaledAndShifted(call, inputs, activation),
);

/** activation(x · scale + shift) a channel. */
export function scaledAndShifted(
  call: KernelCall,
  { x, scale, shift }: { x: NativeTensor; scale: Operand; shift: NativeTensor },
  activation: Activation,
): NativeTensor {
  if (hasOwnOps(call)) return ownOp(call, 'ScaleShift', { x, scale, shift, activation });
  const channels = x.shape.at(-1)!;
  const vectors = [scale, shift, call.vector(0, channels), call.vector(1, channels)];
  return activated(call, normalised(call, x, vectors, 0), activation);
}

export const BATCH_NORMS: readonly CudaKernel[] = [forward, gradient, scaleShift];
