import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const select = torchKernel('Select', ({ tensor, ops }) =>
  ops.select(tensor('condition'), tensor('t'), tensor('e')),
);

export const SELECT_KERNELS: readonly TorchKernel[] = [select];
