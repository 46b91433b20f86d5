import { BINARY, opName } from '../native-ops.js';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const addN = torchKernel('AddN', ({ inputs, backend, ops }) => ops.addN(backend.handles(inputs)));

export const BINARY_KERNELS: readonly TorchKernel[] = [
  ...BINARY.map((kernel) => {
    const op = opName(kernel);
    return torchKernel(kernel, ({ tensor, ops }) => ops[op](tensor('a'), tensor('b')));
  }),
  addN,
];
