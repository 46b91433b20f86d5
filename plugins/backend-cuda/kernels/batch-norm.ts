import type { Activation } from 'dna-nas/nn';
import type { NativeTensor } from '../binding.js';
import {
  attribute,
  type CudaKernel,
  cudaKernel,
  cudaListKernel,
  type KernelCall,
  type Operand,
} from '../cuda-kernel.js';
import { type AnyCall, activated, activationGradient } from './activation.js';
import { activationAttribute, hasOwnOps } from './own-ops.js';

interface Attributes {
  readonly epsilon: number;
  readonly activation: Activation;
}

/** TensorFlow's op is for images: every position of another shape is one of one pixel. */
function asImages(call: AnyCall, x: NativeTensor): NativeTensor {
  if (x.shape.length === 4) return x;
  const channels = x.shape.at(-1)!;
  const shape = [x.shape.reduce((product, extent) => product * extent, 1) / channels, 1, 1, channels];
  return { ...call.op('Reshape', [x, call.integers(shape)]), shape };
}

function likeInput(call: AnyCall, y: NativeTensor, { shape }: NativeTensor): NativeTensor {
  return shape.length === 4 ? y : call.op('Reshape', [y, call.integers(shape)]);
}

const options = (training: boolean, epsilon: number) => [
  attribute.bool('is_training', training),
  attribute.float('epsilon', epsilon),
];

/** x · scale + shift with other statistics than the batch's: one pass. */
function normalised(
  call: AnyCall,
  x: NativeTensor,
  vectors: readonly (NativeTensor | number)[],
  epsilon: number,
): NativeTensor {
  const [y] = call.ops('FusedBatchNormV2', [asImages(call, x), ...vectors], options(false, epsilon), 5);
  return likeInput(call, y!, x);
}

const OUTPUTS = 5;
const GRADIENT_INPUTS = ['dy', 'x', 'scale', 'offset', 'mean', 'variance'];

const own = ({ attributes }: KernelCall<Attributes>) => [
  attribute.float('epsilon', attributes.epsilon),
  activationAttribute(attributes.activation),
];

function vectorsOf(call: KernelCall<Attributes>, names: readonly string[]): NativeTensor[] {
  return names.map((name) => call.input(name));
}

const forward = cudaListKernel<Attributes>('BatchNormTraining', (call) => {
  const { epsilon, activation } = call.attributes;
  const x = call.input('x');
  if (hasOwnOps(call))
    return call.ops('DnaBatchNormTraining', vectorsOf(call, ['x', 'scale', 'offset']), own(call), 3);
  const images = asImages(call, x);
  const inputs = [images, call.input('scale'), call.input('offset'), call.vector(0, 0), call.vector(0, 0)];
  const [y, mean, unbiased] = call.ops('FusedBatchNormV2', inputs, options(true, epsilon), OUTPUTS);
  const positions = images.shape[0]! * images.shape[1]! * images.shape[2]!;
  const share = positions > 1 ? (positions - 1) / positions : 1;
  const variance = call.op('Mul', [unbiased!, call.scalar(share)]);
  return [activated(call, likeInput(call, y!, x), activation), mean!, variance];
});

const gradient = cudaListKernel<Attributes>('BatchNormTrainingGrad', (call) => {
  if (hasOwnOps(call))
    return call.ops('DnaBatchNormTrainingGrad', vectorsOf(call, GRADIENT_INPUTS), own(call), 3);
  const { epsilon, activation } = call.attributes;
  const x = call.input('x');
  const [scale, mean, variance] = [call.input('scale'), call.input('mean'), call.input('variance')];
  let dy = call.input('dy');
  if (activation !== 'none') {
    const inner = normalised(call, x, [scale, call.input('offset'), mean, variance], epsilon);
    dy = activationGradient(call, { dy, x: inner }, activation);
  }
  const inputs = [asImages(call, dy), asImages(call, x), scale, mean, spreadOf(call, variance, epsilon)];
  const [dx, dscale, doffset] = call.ops('FusedBatchNormGradV2', inputs, options(true, epsilon), OUTPUTS);
  return [likeInput(call, dx!, x), dscale!, doffset!];
});

/** What the gradient is told of the variance: on a GPU cuDNN's form of it, 1/√(variance + epsilon). */
function spreadOf(call: AnyCall, variance: NativeTensor, epsilon: number): NativeTensor {
  if (!call.backend.isUsingGpuDevice) return variance;
  return call.op('Rsqrt', [call.op('AddV2', [variance, call.scalar(epsilon)])]);
}

const scaleShift = cudaKernel<{ readonly activation: Activation }>('ScaleShift', (call) => {
  const [x, scale, shift] = [call.input('x'), call.input('scale'), call.input('shift')];
  return scaledAndShifted(call, { x, scale, shift }, call.attributes.activation);
});

/** activation(x · scale + shift) a channel. */
export function scaledAndShifted(
  call: AnyCall,
  { x, scale, shift }: { x: NativeTensor; scale: Operand; shift: NativeTensor },
  activation: Activation,
): NativeTensor {
  if (hasOwnOps(call)) return call.op('DnaScaleShift', [x, scale, shift], [activationAttribute(activation)]);
  const channels = x.shape.at(-1)!;
  const vectors = [scale, shift, call.vector(0, channels), call.vector(1, channels)];
  return activated(call, normalised(call, x, vectors, 0), activation);
}

export const BATCH_NORMS: readonly CudaKernel[] = [forward, gradient, scaleShift];
