import { type TorchKernel, torchKernel } from '../torch-kernel.js';

/** tfjs's arithmetic, logic and comparisons of two tensors that broadcast, and the addon's ops. */
const OPS = {
  Add: 'add',
  Atan2: 'atan2',
  BitwiseAnd: 'bitwiseAnd',
  Equal: 'equal',
  FloorDiv: 'floorDiv',
  Greater: 'greater',
  GreaterEqual: 'greaterEqual',
  Less: 'less',
  LessEqual: 'lessEqual',
  LogicalAnd: 'logicalAnd',
  LogicalOr: 'logicalOr',
  LogicalXor: 'logicalXor',
  Maximum: 'maximum',
  Minimum: 'minimum',
  Mod: 'mod',
  Multiply: 'multiply',
  NotEqual: 'notEqual',
  Pow: 'pow',
  RealDiv: 'realDiv',
  SquaredDifference: 'squaredDifference',
  Sub: 'sub',
} as const;

const addN = torchKernel('AddN', ({ inputs, backend, ops }) => ops.addN!(backend.handles(inputs)));

export const BINARY_KERNELS: readonly TorchKernel[] = [
  ...Object.entries(OPS).map(([kernel, op]) =>
    torchKernel(kernel, ({ tensor, ops }) => ops[op]!(tensor('a'), tensor('b'))),
  ),
  addN,
];
