import type { Activation, KernelAttributes } from 'dna-nas/nn/kernels';
import type { Attributes } from '../graph/graph.js';
import type { Traced } from '../tracing/operand.js';
import type { Recording } from '../tracing/recording.js';
import { combined } from './arithmetic.js';
import { type KernelCall, type Mapping, type Mappings, tracedInput } from './mapping.js';

type Unary = (recording: Recording, x: Traced) => Traced;

/** An operation of ONNX of one input, of the same shape. */
function unary(op: string, attributes: Attributes = {}): Unary {
  return (recording, x) => recording.add(op, [recording.value(x)], { shape: x.shape, attributes });
}

const sigmoid = unary('Sigmoid');
const relu = unary('Relu');

const relu6: Unary = (recording, x) => clipped(recording, x, [0, 6]);

/** x · sigmoid(x): runtimes join the two, and none below opset 24 has it as one. */
const swish: Unary = (recording, x) =>
  recording.add('Mul', [recording.value(x), sigmoid(recording, x).value], { shape: x.shape });

const ACTIVATIONS: Readonly<Record<Activation, Unary>> = {
  none: (_, x) => x,
  relu,
  relu6,
  swish,
  sigmoid,
};

/** The activation that kernels of ours have beside their own work. */
export function activated(recording: Recording, x: Traced, activation: Activation): Traced {
  return ACTIVATIONS[activation](recording, x);
}

function clipped(recording: Recording, x: Traced, [least, most]: readonly [number, number]): Traced {
  const bounds = [recording.number(`least_${least}`, least), recording.number(`most_${most}`, most)];
  return recording.add('Clip', [recording.value(x), ...bounds], { shape: x.shape });
}

const of =
  (operation: Unary): Mapping =>
  (call) =>
    operation(call.recording, tracedInput(call, 'x'));

function clip(call: KernelCall): Traced {
  const { clipValueMin, clipValueMax } = call.attributes as { clipValueMin: number; clipValueMax: number };
  return clipped(call.recording, tracedInput(call, 'x'), [clipValueMin, clipValueMax]);
}

function leakyRelu(call: KernelCall): Traced {
  const { alpha } = call.attributes as { alpha: number };
  return unary('LeakyRelu', { alpha: { float: alpha } })(call.recording, tracedInput(call, 'x'));
}

/** Of operations that all formats have: PRelu of ONNX wants its slopes in one shape, that of TensorFlow.js in another. */
function prelu(call: KernelCall): Traced {
  const { recording, inputs } = call;
  const x = tracedInput(call, 'x');
  const above = relu(recording, x);
  const below = combined(recording, 'Sub', [x, above]);
  return combined(recording, 'Add', [above, combined(recording, 'Mul', [below, inputs.alpha!])]);
}

function square(recording: Recording, x: Traced): Traced {
  const value = recording.value(x);
  return recording.add('Mul', [value, value], { shape: x.shape });
}

/** Activations and functions of single elements. */
export const activations: Mappings = {
  DnaActivate: (call) => {
    const { activation } = call.attributes as KernelAttributes<'Activate'>;
    return activated(call.recording, tracedInput(call, 'x'), activation);
  },
  Relu: of(relu),
  Relu6: of(relu6),
  Sigmoid: of(sigmoid),
  Tanh: of(unary('Tanh')),
  Elu: of(unary('Elu')),
  Selu: of(unary('Selu')),
  LeakyRelu: leakyRelu,
  Prelu: prelu,
  Softplus: of(unary('Softplus')),
  ClipByValue: clip,
  Exp: of(unary('Exp')),
  Log: of(unary('Log')),
  Sqrt: of(unary('Sqrt')),
  Rsqrt: of((recording, x) => unary('Reciprocal')(recording, unary('Sqrt')(recording, x))),
  Neg: of(unary('Neg')),
  Abs: of(unary('Abs')),
  Square: of(square),
};
