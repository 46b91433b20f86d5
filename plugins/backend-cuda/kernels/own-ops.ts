import { type AttributeTypes, activationCode, KERNELS, type Outputs, outputsOf } from 'dna-nas/nn/kernels';
import type { NativeTensor } from '../binding.js';
import { attribute, type KernelCall, type Operand } from '../cuda-kernel.js';

/** What our ops are told of, beside single tensors. */
interface OwnValues
  extends Pick<AttributeTypes, 'epsilon' | 'activation' | 'residual' | 'strides' | 'padding'> {
  /** Inputs that are a list. */
  readonly tensors: readonly Operand[];
  /** Height and width of what a depthwise convolution computes. */
  readonly sizes: readonly number[];
  /** The optimiser's number in `native/optimiser-steps.h`. */
  readonly kind: number;
  /** The number of outputs that are a list. */
  readonly M: number;
}

/** TensorFlow's types of our ops' attributes. */
const TYPES = {
  epsilon: 'float',
  activation: 'int',
  residual: 'bool',
  strides: 'int',
  padding: 'int',
  sizes: 'int',
  kind: 'int',
  M: 'int',
} as const;

interface OwnOp {
  readonly inputs: readonly string[];
  readonly attributes: readonly (keyof typeof TYPES)[];
  readonly outputs: readonly [string, ...string[]] | 'list';
}

const WINDOW = ['sizes', 'strides', 'padding'] as const;
const { BatchNormTraining, BatchNormTrainingGrad, MbConvFolded, MbConvTraining, MbConvTrainingGrad } =
  KERNELS;
const { ScaleShift, GlobalMean, ChannelGateShift, ChannelDot } = KERNELS;

/** The ops that are compiled with the binding (`native/binding/`), most of them one of our kernels as it stands. */
export const OWN_OPS = {
  ...{ BatchNormTraining, BatchNormTrainingGrad, MbConvTraining, MbConvTrainingGrad },
  ...{ ScaleShift, GlobalMean, ChannelGateShift, ChannelDot },
  MbConvFolded: { ...MbConvFolded, inputs: ['tensors'] },
  DepthwiseConv2d: { inputs: ['x', 'filter', 'bias'], attributes: ['activation', ...WINDOW], outputs: ['y'] },
  DepthwiseConv2dGradInput: { inputs: ['dy', 'filter'], attributes: WINDOW, outputs: ['dx'] },
  DepthwiseConv2dGradFilter: { inputs: ['x', 'dy'], attributes: WINDOW, outputs: ['dfilter'] },
  OptimiserStep: { inputs: ['numbers', 'tensors'], attributes: ['M', 'kind'], outputs: 'list' },
  Blend: { inputs: ['numbers', 'tensors'], attributes: ['M'], outputs: 'list' },
} as const satisfies Readonly<Record<string, OwnOp>>;

type OwnOps = typeof OWN_OPS;
type Given<Name extends keyof OwnOps> = {
  readonly [Key in OwnOps[Name]['inputs' | 'attributes'][number]]: Key extends keyof OwnValues
    ? OwnValues[Key]
    : Operand;
};

/** Runs one of our ops on its inputs and attributes, by their names. */
export function ownOp<Name extends keyof OwnOps>(
  call: KernelCall,
  name: Name,
  given: Given<Name>,
): Outputs<OwnOps[Name]['outputs'], NativeTensor> {
  const { inputs, attributes, outputs }: OwnOp = OWN_OPS[name];
  const values = given as OwnValues & Readonly<Record<string, Operand>>;
  const told = attributes.map((key) =>
    attribute[TYPES[key]](key, key === 'activation' ? activationCode(values.activation) : values[key]),
  );
  if (inputs.includes('tensors')) told.push(attribute.int('N', values.tensors.length));
  const operands = inputs.flatMap((key): Operand | readonly Operand[] => values[key]!);
  const made = call.ops(`Dna${name}`, operands, told, outputs === 'list' ? values.M : outputs.length);
  return outputsOf(outputs, made) as Outputs<OwnOps[Name]['outputs'], NativeTensor>;
}

/** Whether ops of our own serve: they are compiled with the binding, and for the CPU. */
export function hasOwnOps({ backend }: Pick<KernelCall, 'backend'>): boolean {
  return backend.package.ownOps && !backend.isUsingGpuDevice;
}
