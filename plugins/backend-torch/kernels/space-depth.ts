import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const depthToSpace = torchKernel<{ readonly blockSize: number; readonly dataFormat: 'NHWC' | 'NCHW' }>(
  'DepthToSpace',
  ({ attributes, tensor, ops }) =>
    ops.depthToSpace(tensor('x'), attributes.blockSize, attributes.dataFormat === 'NCHW'),
);

const spaceToBatch = torchKernel<{ readonly blockShape: number[]; readonly paddings: number[][] }>(
  'SpaceToBatchND',
  ({ attributes, tensor, ops }) =>
    ops.spaceToBatch(tensor('x'), attributes.blockShape, attributes.paddings.flat()),
);

const batchToSpace = torchKernel<{ readonly blockShape: number[]; readonly crops: number[][] }>(
  'BatchToSpaceND',
  ({ attributes, tensor, ops }) =>
    ops.batchToSpace(tensor('x'), attributes.blockShape, attributes.crops.flat()),
);

export const SPACE_DEPTH_KERNELS: readonly TorchKernel[] = [depthToSpace, spaceToBatch, batchToSpace];
