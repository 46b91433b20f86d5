import { stringKernel } from '../string-kernel.js';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

/** tfjs's arithmetic and logic of two tensors that broadcast, and the addon's ops. */
const OPS = {
  Add: 'add',
  Atan2: 'atan2',
  BitwiseAnd: 'bitwiseAnd',
  FloorDiv: 'floorDiv',
  LogicalAnd: 'logicalAnd',
  LogicalOr: 'logicalOr',
  LogicalXor: 'logicalXor',
  Maximum: 'maximum',
  Minimum: 'minimum',
  Mod: 'mod',
  Multiply: 'multiply',
  Pow: 'pow',
  RealDiv: 'realDiv',
  SquaredDifference: 'squaredDifference',
  Sub: 'sub',
} as const;

/** Its comparisons, which take strings too. */
const COMPARISONS = {
  Equal: 'equal',
  Greater: 'greater',
  GreaterEqual: 'greaterEqual',
  Less: 'less',
  LessEqual: 'lessEqual',
  NotEqual: 'notEqual',
} as const;

const addN = torchKernel('AddN', ({ inputs, backend, ops }) => ops.addN!(backend.handles(inputs)));

export const BINARY_KERNELS: readonly TorchKernel[] = [
  ...Object.entries(OPS).map(([kernel, op]) => binaryKernel(kernel, op)),
  ...Object.entries(COMPARISONS).map(([kernel, op]) => stringKernel(binaryKernel(kernel, op))),
  addN,
];

function binaryKernel(kernel: string, op: string): TorchKernel {
  return torchKernel(kernel, ({ tensor, ops }) => ops[op]!(tensor('a'), tensor('b')));
}
