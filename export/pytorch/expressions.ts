import type { Attribute, GraphNode } from '../graph/graph.js';
import { list, tuple } from './literals.js';

/** An operation's inputs as they are written in Python, and what they are where they are constants. */
export interface Written {
  readonly node: GraphNode;
  /** Expressions; undefined for an input that is left out. */
  readonly inputs: readonly string[];
  /** Whole numbers that an input holds. */
  numbers(input: number): readonly number[];
  /** The one number that an input holds. */
  number(input: number): number;
}

type Expression = (written: Written) => string;

const attribute = ({ node }: Written, name: string): Attribute | undefined => node.attributes[name];
const ints = (written: Written, name: string) =>
  (attribute(written, name) as { ints: readonly number[] }).ints;
const int = (written: Written, name: string) => (attribute(written, name) as { int: number }).int;
const float = (written: Written, name: string) => (attribute(written, name) as { float: number }).float;

const call =
  (name: string): Expression =>
  ({ inputs }) =>
    `${name}(${inputs.join(', ')})`;
const operator =
  (sign: string): Expression =>
  ({ inputs: [a, b] }) =>
    `${a} ${sign} ${b}`;

/** `top, left, bottom, right` as PyTorch pads: the last axis first. */
function padded(x: string, [top, left, bottom, right]: readonly number[], value = ''): string {
  return `F.pad(${x}, ${tuple([left!, right!, top!, bottom!])}${value})`;
}

function convolution(written: Written): string {
  const [x, weight, bias = 'None'] = written.inputs as [string, string, string?];
  const pads = ints(written, 'pads');
  const isEven = pads[0] === pads[2] && pads[1] === pads[3];
  const options = [
    `stride=${tuple(ints(written, 'strides'))}`,
    ...(isEven ? [`padding=${tuple(pads.slice(0, 2))}`] : []),
    `dilation=${tuple(ints(written, 'dilations'))}`,
    `groups=${int(written, 'group')}`,
  ];
  return `F.conv2d(${isEven ? x : padded(x, pads)}, ${weight}, ${bias}, ${options.join(', ')})`;
}

function norm(written: Written): string {
  const [x, weight, bias, mean, variance] = written.inputs;
  return `F.batch_norm(${x}, ${mean}, ${variance}, ${weight}, ${bias}, self.training, 0.1, ${float(written, 'epsilon')})`;
}

function linear(written: Written): string {
  return `F.linear(${written.inputs.join(', ')})`;
}

/** Means count no padding: sums over windows of the image, divided by those of ones. */
function averagePool(written: Written): string {
  const x = written.inputs[0]!;
  const window = `${tuple(ints(written, 'kernel_shape'))}, ${tuple(ints(written, 'strides'))}`;
  const pool = (map: string) => `F.avg_pool2d(${padded(map, ints(written, 'pads'))}, ${window})`;
  return `${pool(x)} / ${pool(`torch.ones_like(${x})`)}`;
}

function maxPool(written: Written): string {
  const window = `${tuple(ints(written, 'kernel_shape'))}, ${tuple(ints(written, 'strides'))}`;
  const map = padded(written.inputs[0]!, ints(written, 'pads'), ', value=-torch.inf');
  return `F.max_pool2d(${map}, ${window})`;
}

/** 0 takes over an extent. */
function reshape(written: Written): string {
  const x = written.inputs[0]!;
  const extents = written.numbers(1).map((extent, axis) => (extent === 0 ? `${x}.shape[${axis}]` : extent));
  return `${x}.reshape(${list(extents)})`;
}

const reduction =
  (method: string): Expression =>
  (written) => {
    const axes = written.inputs.length > 1 ? written.numbers(1) : ints(written, 'axes');
    const keep = int(written, 'keepdims') === 1 ? ', keepdim=True' : '';
    return `${written.inputs[0]}.${method}(${tuple(axes)}${keep})`;
  };

function pad(written: Written): string {
  const pads = written.numbers(1);
  const rank = pads.length / 2;
  const pairs = Array.from({ length: rank }, (_, axis) => [pads[axis]!, pads[axis + rank]!]);
  const value = written.inputs.length > 2 ? `, value=${written.number(2)}` : '';
  return `F.pad(${written.inputs[0]}, ${tuple(pairs.reverse().flat())}${value})`;
}

function slice(written: Written): string {
  const [starts, ends, axes] = [1, 2, 3].map((input) => written.numbers(input)) as [
    readonly number[],
    readonly number[],
    readonly number[],
  ];
  const parts = Array.from({ length: Math.max(...axes) + 1 }, (_, axis) => {
    const place = axes.indexOf(axis);
    return place === -1 ? ':' : `${starts[place]}:${ends[place]}`;
  });
  return `${written.inputs[0]}[${parts.join(', ')}]`;
}

/** Every operation that a graph of ours has, as an expression of Python. */
export const EXPRESSIONS: Readonly<Record<string, Expression>> = {
  Conv: convolution,
  BatchNormalization: norm,
  Gemm: linear,
  MatMul: call('torch.matmul'),
  AveragePool: averagePool,
  MaxPool: maxPool,
  GlobalAveragePool: ({ inputs: [x] }) => `${x}.mean((2, 3), keepdim=True)`,
  Add: operator('+'),
  Sub: operator('-'),
  Mul: operator('*'),
  Div: operator('/'),
  Pow: operator('**'),
  Max: call('torch.maximum'),
  Min: call('torch.minimum'),
  Relu: call('torch.relu'),
  Sigmoid: call('torch.sigmoid'),
  Tanh: call('torch.tanh'),
  Elu: call('F.elu'),
  Selu: call('F.selu'),
  LeakyRelu: (written) => `F.leaky_relu(${written.inputs[0]}, ${float(written, 'alpha')})`,
  Softplus: call('F.softplus'),
  Clip: (written) => `torch.clamp(${written.inputs[0]}, ${written.number(1)}, ${written.number(2)})`,
  Exp: call('torch.exp'),
  Log: call('torch.log'),
  Sqrt: call('torch.sqrt'),
  Reciprocal: call('torch.reciprocal'),
  Neg: call('torch.neg'),
  Abs: call('torch.abs'),
  ReduceMean: reduction('mean'),
  ReduceSum: reduction('sum'),
  ReduceMax: reduction('amax'),
  ReduceMin: reduction('amin'),
  Softmax: (written) => `${written.inputs[0]}.softmax(${int(written, 'axis')})`,
  Reshape: reshape,
  Flatten: ({ inputs: [x] }) => `${x}.flatten(1)`,
  Transpose: (written) => `${written.inputs[0]}.permute(${list(ints(written, 'perm'))})`,
  Concat: (written) => `torch.cat(${list(written.inputs, '[')}, ${int(written, 'axis')})`,
  Pad: pad,
  Slice: slice,
  Split: (written) =>
    `torch.split(${written.inputs[0]}, ${list(written.numbers(1), '[')}, ${int(written, 'axis')})`,
};
