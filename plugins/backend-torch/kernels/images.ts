import { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';
import type { Pair } from './spatial-window.js';

interface ResizeAttributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
  readonly size: Pair;
}

function resize(name: string, op: 'resizeBilinear' | 'resizeNearest'): TorchKernel {
  return torchKernel<ResizeAttributes>(name, ({ attributes, tensor, ops }) => {
    const [height, width] = attributes.size;
    ops[op]!(tensor('images'), height, width, attributes.alignCorners, attributes.halfPixelCenters);
  });
}

function resizeGradient(name: string, op: 'resizeBilinearGradient' | 'resizeNearestGradient'): TorchKernel {
  return torchKernel<ResizeAttributes>(name, ({ inputs, attributes, tensor, ops }) => {
    const [, height, width] = inputs.images!.shape;
    const { alignCorners, halfPixelCenters } = attributes;
    ops[op]!(tensor('dy'), height!, width!, alignCorners, halfPixelCenters);
  });
}

interface CropAttributes {
  readonly cropSize: Pair;
  readonly method: 'bilinear' | 'nearest';
  readonly extrapolationValue: number;
}

const cropAndResize = torchKernel<CropAttributes>('CropAndResize', ({ attributes, tensor, ops }) => {
  const { cropSize, method, extrapolationValue } = attributes;
  ops.cropAndResize!(
    tensor('image'),
    tensor('boxes'),
    tensor('boxInd'),
    cropSize[0],
    cropSize[1],
    method === 'bilinear',
    extrapolationValue,
  );
});

interface TransformAttributes {
  readonly interpolation: 'nearest' | 'bilinear';
  readonly fillMode: 'constant' | 'reflect' | 'wrap' | 'nearest';
  readonly fillValue: number;
  readonly outputShape?: Pair;
}

const transform = torchKernel<TransformAttributes>('Transform', ({ inputs, attributes, tensor, ops }) => {
  const [, imageHeight, imageWidth] = inputs.image!.shape;
  const [height, width] = attributes.outputShape ?? [imageHeight!, imageWidth!];
  const { interpolation, fillMode, fillValue } = attributes;
  const bilinear = interpolation === 'bilinear';
  ops.transformImages!(tensor('image'), tensor('transforms'), height, width, bilinear, fillMode, fillValue);
});

interface RotationAttributes {
  readonly radians: number;
  readonly fillValue: number | readonly number[];
  readonly center: number | Pair;
}

const OPAQUE = 255;

/** A value for every channel: an image's fourth is its opacity. */
function fillOf(fillValue: number | readonly number[], channels: number): readonly number[] {
  if (typeof fillValue === 'number') return [fillValue];
  return Array.from({ length: channels }, (_, channel) =>
    channel === 3 ? OPAQUE : (fillValue[channel] ?? 0),
  );
}

const rotate = torchKernel<RotationAttributes>('RotateWithOffset', ({ inputs, attributes, tensor, ops }) => {
  const [, height, width, channels] = inputs.image!.shape;
  const [x, y] = tf.backend_util.getImageCenter(attributes.center, height!, width!);
  ops.rotateImages!(tensor('image'), attributes.radians, x, y, fillOf(attributes.fillValue, channels!));
});

const flip = torchKernel('FlipLeftRight', ({ tensor, ops }) => ops.flipLeftRight!(tensor('image')));

export const IMAGE_KERNELS: readonly TorchKernel[] = [
  resize('ResizeBilinear', 'resizeBilinear'),
  resizeGradient('ResizeBilinearGrad', 'resizeBilinearGradient'),
  resize('ResizeNearestNeighbor', 'resizeNearest'),
  resizeGradient('ResizeNearestNeighborGrad', 'resizeNearestGradient'),
  cropAndResize,
  transform,
  rotate,
  flip,
];
