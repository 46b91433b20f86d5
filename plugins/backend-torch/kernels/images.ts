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
    ops[op](tensor('images'), height, width, attributes.alignCorners, attributes.halfPixelCenters);
  });
}

function resizeGradient(name: string, op: 'resizeBilinearGradient' | 'resizeNearestGradient'): TorchKernel {
  return torchKernel<ResizeAttributes>(name, ({ inputs, attributes, tensor, ops }) => {
    const [, height, width] = inputs.images!.shape;
    const { alignCorners, halfPixelCenters } = attributes;
    ops[op](tensor('dy'), height!, width!, alignCorners, halfPixelCenters);
  });
}

export const IMAGE_KERNELS: readonly TorchKernel[] = [
  resize('ResizeBilinear', 'resizeBilinear'),
  resizeGradient('ResizeBilinearGrad', 'resizeBilinearGradient'),
  resize('ResizeNearestNeighbor', 'resizeNearest'),
  resizeGradient('ResizeNearestNeighborGrad', 'resizeNearestGradient'),
];
