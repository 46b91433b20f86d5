import { opName, UNARY } from '../native-ops.js';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

export const UNARY_KERNELS: readonly TorchKernel[] = UNARY.map((kernel) => {
  const op = opName(kernel);
  return torchKernel(kernel, ({ tensor, ops }) => ops[op](tensor('x')));
});
