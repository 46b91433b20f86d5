/**
 * The named kernels of ours: what each op asks a backend for, and what the backend answers. The types of `runKernel`
 * and of every backend's kernels are inferred from this table.
 *
 * An op in `nn/ops` looks its kernel up in tfjs's registry (`getKernel(name, backendName)`); where the backend has
 * it the op runs it, otherwise the op's composition of plain tfjs ops runs, which is the kernel's reference too.
 * Layout is NHWC, float32. All shapes are checked by the op before the kernel sees them.
 */

import type { Tensor } from '../tensor.js';
import type { AttributeTypes } from './attributes.js';

export const KERNEL_PREFIX = 'Dna';

/** Names in the order in which compiled code has them. */
type Names = readonly [string, ...string[]];

interface Contract {
  /** Any number of tensors are a list. */
  readonly inputs: Names | 'list';
  readonly attributes: readonly (keyof AttributeTypes)[];
  /** One tensor, several, or a list. */
  readonly outputs: Names | 'list';
}

const WINDOW = ['strides', 'padding', 'dilations'] as const;
const NORM = ['epsilon', 'activation'] as const;
const STEP = ['count', 'weightDecay', 'learningRate'] as const;
const MB_CONV = ['strides', 'padding', ...NORM] as const;
const MB_CONV_INPUTS = [
  ...['x', 'expand', 'scale1', 'offset1', 'filter', 'scale2', 'offset2'],
  ...['reduce', 'reduceBias', 'excite', 'exciteBias', 'project', 'scale3', 'offset3'],
] as const;
const MB_CONV_GRADIENTS = [
  ...['dx', 'dexpand', 'dscale1', 'doffset1', 'dfilter', 'dscale2', 'doffset2'],
  ...['dreduce', 'dreduceBias', 'dexcite', 'dexciteBias', 'dproject', 'dscale3', 'doffset3'],
] as const;
const MB_CONV_KEPT = [
  ...['mean1', 'variance1', 'mean2', 'variance2', 'mean3', 'variance3'],
  ...['expanded', 'filtered', 'projected', 'mean', 'gate'],
] as const;

export const KERNELS = {
  /** a [m, k], b [k, n] → c [m, n] */
  MatMul: { inputs: ['a', 'b'], attributes: ['rows'], outputs: ['c'] },
  MatMulGradA: { inputs: ['dy', 'b'], attributes: ['rows'], outputs: ['da'] },
  MatMulGradB: { inputs: ['a', 'dy'], attributes: ['rows'], outputs: ['db'] },
  /** x [n, h, w, c], filter [kh, kw, c, o] → y [n, oh, ow, o] */
  Conv2d: { inputs: ['x', 'filter'], attributes: WINDOW, outputs: ['y'] },
  Conv2dGradInput: { inputs: ['dy', 'filter'], attributes: ['inputShape', ...WINDOW], outputs: ['dx'] },
  Conv2dGradFilter: { inputs: ['x', 'dy'], attributes: ['filterShape', ...WINDOW], outputs: ['dfilter'] },
  /** x [n, h, w, c], filter [kh, kw, c, 1] → y [n, oh, ow, c] */
  DepthwiseConv2d: { inputs: ['x', 'filter'], attributes: WINDOW, outputs: ['y'] },
  DepthwiseConv2dGradInput: {
    inputs: ['dy', 'filter'],
    attributes: ['inputShape', ...WINDOW],
    outputs: ['dx'],
  },
  DepthwiseConv2dGradFilter: {
    inputs: ['x', 'dy'],
    attributes: ['filterShape', ...WINDOW],
    outputs: ['dfilter'],
  },
  /** x [.., c], scale [c], offset [c] → y, mean [c], variance [c] (biased) */
  BatchNormTraining: {
    inputs: ['x', 'scale', 'offset'],
    attributes: NORM,
    outputs: ['y', 'mean', 'variance'],
  },
  BatchNormTrainingGrad: {
    inputs: ['dy', 'x', 'scale', 'offset', 'mean', 'variance'],
    attributes: NORM,
    outputs: ['dx', 'dscale', 'doffset'],
  },
  /** x [.., c], scale [c], shift [c] → activation(x · scale + shift) */
  ScaleShift: { inputs: ['x', 'scale', 'shift'], attributes: ['activation'], outputs: ['y'] },
  Activate: { inputs: ['x'], attributes: ['activation'], outputs: ['y'] },
  ActivateGrad: { inputs: ['dy', 'x'], attributes: ['activation'], outputs: ['dx'] },
  /** x [n, h, w, c] → means [n, c] */
  GlobalMean: { inputs: ['x'], attributes: [], outputs: ['means'] },
  GlobalMeanGrad: { inputs: ['dy'], attributes: ['inputShape'], outputs: ['dx'] },
  /** x [n, h, w, c], gate [n, c] (a sigmoid's output already) → x · gate */
  ChannelGate: { inputs: ['x', 'gate'], attributes: [], outputs: ['y'] },
  ChannelGateGrad: { inputs: ['dy', 'x', 'gate'], attributes: [], outputs: ['dx', 'dgate'] },
  /** x, gate, shift [n, c] → x · gate + shift */
  ChannelGateShift: { inputs: ['x', 'gate', 'shift'], attributes: [], outputs: ['y'] },
  /** a, b [n, h, w, c] → [n, c], sums over positions of a · b */
  ChannelDot: { inputs: ['a', 'b'], attributes: [], outputs: ['sums'] },
  /** x, filter, bias [o] → activation(Conv2d + bias) */
  Conv2dBias: { inputs: ['x', 'filter', 'bias'], attributes: [...WINDOW, 'activation'], outputs: ['y'] },
  DepthwiseConv2dBias: {
    inputs: ['x', 'filter', 'bias'],
    attributes: [...WINDOW, 'activation'],
    outputs: ['y'],
  },
  /**
   * old0, fresh0, old1, fresh1, … → oldᵢ · keep + freshᵢ · sharesᵢ: moving averages of many tensors at once. Their new
   * values may be given to the old ones, as optimiser steps do.
   */
  Blend: { inputs: 'list', attributes: ['keep', 'shares'], outputs: 'list' },
  /** y, target (of one shape) → mean of (y − target)² */
  SquaredError: { inputs: ['y', 'target'], attributes: [], outputs: ['loss'] },
  SquaredErrorGrad: { inputs: ['dloss', 'y', 'target'], attributes: [], outputs: ['dy'] },
  /** logits [n, k], labels (int32 [n] or float32 [n, k]) → loss [], its gradient by the logits [n, k] */
  SoftmaxCrossEntropy: {
    inputs: ['logits', 'labels'],
    attributes: ['smoothing'],
    outputs: ['loss', 'dlogits'],
  },
  /**
   * A whole MBConv in training mode with squeeze-and-excitation: x [n, h, w, i], expand [1, 1, i, c], scale and offset
   * [c], filter [k, k, c, 1] with k of 3, 5 or 7, scale and offset [c], reduce [1, 1, c, r] and its bias [r], excite
   * [1, 1, r, c] and its bias [c], project [1, 1, c, o], scale and offset [o] → y, mean and variance of the three
   * norms, then what its gradient needs.
   */
  MbConvTraining: { inputs: MB_CONV_INPUTS, attributes: MB_CONV, outputs: ['y', ...MB_CONV_KEPT] },
  MbConvTrainingGrad: {
    inputs: ['dy', ...MB_CONV_INPUTS, ...MB_CONV_KEPT],
    attributes: MB_CONV,
    outputs: MB_CONV_GRADIENTS,
  },
  /**
   * A whole MBConv whose norms are folded into its convolutions: x [n, h, w, i], then expand [1, 1, i, c] and its bias
   * [c], filter [k, k, c, 1] with k of 3, 5 or 7 and its bias [c], reduce [1, 1, c, r] and its bias [r], excite
   * [1, 1, r, c] and its bias [c], project [1, 1, c, o] and its bias [o]. Without an expansion, or without
   * squeeze-and-excitation, theirs are not in the list.
   */
  MbConvFolded: {
    inputs: 'list',
    attributes: ['strides', 'padding', 'residual', 'activation'],
    outputs: ['y'],
  },
  /**
   * One optimiser step of all parameters: parameter0, gradient0, slots0, parameter1, … → the same without gradients.
   * The kernel never writes into an input (tfjs-wasm keeps packed copies of weights by tensor id). A backend that can
   * give tensors new values may do so to the parameters and slots that nothing else shares, and then answers none:
   * hundreds of tensors are neither made nor assigned. Adam's slots are m and v.
   */
  AdamStep: { inputs: 'list', attributes: [...STEP, 'beta1', 'beta2', 'epsilon', 'steps'], outputs: 'list' },
  /** Slot: `buffer = momentum·buffer + gradient; parameter -= rate·buffer` (Nesterov as in PyTorch). */
  SgdStep: { inputs: 'list', attributes: [...STEP, 'momentum', 'nesterov'], outputs: 'list' },
  /**
   * Slots: mean square, which starts at 1, and momentum. TensorFlow's form: `ms = decay·ms + (1−decay)·g²;
   * buffer = momentum·buffer + rate·g/√(ms+epsilon); parameter -= buffer`.
   */
  RmspropStep: { inputs: 'list', attributes: [...STEP, 'decay', 'momentum', 'epsilon'], outputs: 'list' },
} as const satisfies Readonly<Record<string, Contract>>;

export type KernelName = keyof typeof KERNELS;
export const KERNEL_NAMES = Object.keys(KERNELS) as readonly KernelName[];

type Part<Name extends KernelName, Key extends keyof Contract> = (typeof KERNELS)[Name][Key];

/** Something for each tensor: by name, or a list. */
export type Tensors<Of extends Names | 'list', Value> = Of extends Names
  ? Readonly<Record<Of[number], Value>>
  : readonly Value[];

/** A kernel's inputs by name, or a list. */
export type KernelInputs<Name extends KernelName, Value = Tensor> = Tensors<Part<Name, 'inputs'>, Value>;

export type KernelAttributes<Name extends KernelName> = Pick<
  AttributeTypes,
  Part<Name, 'attributes'>[number]
>;

/** What is answered: the only output, outputs by name, or a list. */
export type Outputs<Of extends Names | 'list', Value> = Of extends readonly [string]
  ? Value
  : Tensors<Of, Value>;

export type KernelOutputs<Name extends KernelName, Value = Tensor> = Outputs<Part<Name, 'outputs'>, Value>;

/** A convolution's window with nothing left open. */
export type Conv2dAttributes = KernelAttributes<'Conv2d'>;

/** Values by name as a list in the order of the names. */
export function toList<const Of extends Names | 'list', Value>(of: Of, values: Tensors<Of, Value>): Value[] {
  if (of === 'list') return [...(values as readonly Value[])];
  return of.map((name) => (values as Readonly<Record<string, Value>>)[name]!);
}

/** Undoes `toList`. */
export function fromList<const Of extends Names | 'list', Value>(
  of: Of,
  list: readonly Value[],
): Tensors<Of, Value> {
  if (of === 'list') return list as Tensors<Of, Value>;
  const named: Record<string, Value> = {};
  of.forEach((name, index) => {
    named[name] = list[index]!;
  });
  return named as Tensors<Of, Value>;
}

/** What a backend is given as a kernel's inputs, checked; throws where one is missing. */
export function kernelInputs<Name extends KernelName, Value>(
  name: Name,
  given: Readonly<Record<string, Value>>,
): KernelInputs<Name, Value> {
  const { inputs }: Contract = KERNELS[name];
  if (inputs === 'list') return Object.values(given) as never;
  for (const input of inputs) {
    if (given[input]) continue;
    const found = Object.keys(given).join(', ') || 'none';
    throw new Error(`The kernel ${name} misses its input "${input}"; it was given: ${found}.`);
  }
  return given as never;
}

/** Outputs as a backend passes them to tfjs: a tensor, or a list in the order of their names. */
export function outputList<const Of extends Names | 'list', Value>(
  of: Of,
  outputs: Outputs<Of, Value>,
): Value | Value[] {
  return isOne(of) ? (outputs as Value) : toList(of, outputs as Tensors<Of, Value>);
}

/** A list of outputs in the order of their names as what is answered. */
export function outputsOf<const Of extends Names | 'list', Value>(
  of: Of,
  list: readonly Value[],
): Outputs<Of, Value> {
  return (isOne(of) ? list[0] : fromList(of, list)) as Outputs<Of, Value>;
}

function isOne(of: Names | 'list'): boolean {
  return of !== 'list' && of.length === 1;
}
