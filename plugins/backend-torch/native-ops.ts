/**
 * The addon's ops on one page, each under the name and with the parameters of its C++ function in `native/ops/`. Results
 * are told in the result buffer, see `native/bind.h`.
 */
import type { KernelName } from 'dna-nas/nn/kernels';

declare const tensor: unique symbol;
declare const window: unique symbol;

/** A tensor of the addon, under the name that the kernel has for it: tensors in each other's place do not compile. */
export type Handle<Of extends string = string> = number & { readonly [tensor]: Of };

/** How the result buffer, `upload` and ops name tfjs's types. */
export const TYPE_CODES = { float32: 0, int32: 1, bool: 2 } as const;
/** By their codes. */
export const TYPE_NAMES = ['float32', 'int32', 'bool'] as const;
export type TypeCode = (typeof TYPE_CODES)[keyof typeof TYPE_CODES];

/**
 * A window as the addon reads it (`SpatialWindow` in native/ops/spatial-window.h): five lists of a number an axis, one
 * after another: kernel, strides, dilations, padding before, output extents.
 */
export type Window = readonly number[] & { readonly [window]: true };

type Handles = readonly Handle[];
type Numbers = readonly number[];

/** tfjs's kernels of one tensor without attributes. */
export const UNARY = [
  ...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Ceil', 'Cos', 'Cosh', 'Elu', 'Erf'],
  ...['Exp', 'Expm1', 'Floor', 'IsFinite', 'IsInf', 'IsNan', 'Log', 'Log1p', 'LogicalNot', 'Neg'],
  ...['Reciprocal', 'Relu', 'Relu6', 'Round', 'Rsqrt', 'Selu', 'Sigmoid', 'Sign', 'Sin', 'Sinh'],
  ...['Softplus', 'Sqrt', 'Square', 'Tan', 'Tanh', 'OnesLike', 'ZerosLike'],
] as const;

/** tfjs's arithmetic, logic and comparisons of two tensors that broadcast. */
export const BINARY = [
  ...['Add', 'Atan2', 'BitwiseAnd', 'Equal', 'FloorDiv', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'],
  ...['LogicalAnd', 'LogicalOr', 'LogicalXor', 'Maximum', 'Minimum', 'Mod', 'Multiply', 'NotEqual'],
  ...['Pow', 'RealDiv', 'SquaredDifference', 'Sub'],
] as const;

/** tfjs's reductions over axes. */
export const REDUCTIONS = ['All', 'Any', 'Max', 'Mean', 'Min', 'Prod', 'Sum'] as const;

/** The name of the addon's op for a kernel of that name. */
export type OpName<Kernel extends string> = Uncapitalize<Kernel>;

export function opName<Kernel extends string>(kernel: Kernel): OpName<Kernel> {
  return (kernel[0]!.toLowerCase() + kernel.slice(1)) as OpName<Kernel>;
}

type OpsOf<Kernels extends string, Op> = { readonly [Kernel in Kernels as OpName<Kernel>]: Op };

/** An op of a kernel of ours, which takes what its row of `nn/kernels/table.ts` has. */
export type NamedOp = (...values: readonly (Handle | Handles | number | boolean | Numbers)[]) => undefined;

/** A call with wrong arguments throws. */
export interface NativeOps
  extends OpsOf<KernelName, NamedOp>,
    OpsOf<(typeof UNARY)[number], (x: Handle<'x'>) => undefined>,
    OpsOf<(typeof BINARY)[number], (a: Handle<'a'>, b: Handle<'b'>) => undefined>,
    OpsOf<(typeof REDUCTIONS)[number], (x: Handle<'x'>, axes: Numbers, keepDims: boolean) => undefined> {
  addN(terms: Handles): undefined;
  argMax(x: Handle<'x'>, axis: number): undefined;
  argMin(x: Handle<'x'>, axis: number): undefined;
  averagePool(x: Handle<'x'>, numbers: Window): undefined;
  averagePoolGradient(dy: Handle<'dy'>, shape: Numbers, numbers: Window): undefined;
  bandPart(x: Handle<'input'>, lower: Handle<'numLower'>, upper: Handle<'numUpper'>): undefined;
  batchMatMul(a: Handle<'a'>, b: Handle<'b'>, transposeA: boolean, transposeB: boolean): undefined;
  batchNormWithStatistics(
    x: Handle<'x'>,
    mean: Handle<'mean'>,
    variance: Handle<'variance'>,
    offset: Handle<'offset'> | null,
    scale: Handle<'scale'> | null,
    epsilon: number,
  ): undefined;
  batchToSpace(x: Handle<'x'>, block: Numbers, crops: Numbers): undefined;
  broadcastTo(x: Handle<'x'>, shape: Numbers): undefined;
  cast(x: Handle<'x'>, typeCode: TypeCode): undefined;
  clipByValue(x: Handle<'x'>, lowest: number, highest: number): undefined;
  concat(parts: Handles, axis: number): undefined;
  convolve(
    x: Handle<'x'>,
    filter: Handle<'filter'>,
    bias: Handle<'bias'> | null,
    slopes: Handle<'preluActivationWeights'> | null,
    numbers: Window,
    depthwise: boolean,
    channelsFirst: boolean,
    activation: string,
    slope: number,
  ): undefined;
  convolveFilterGradient(
    x: Handle<'x'>,
    dy: Handle<'dy'>,
    shape: Numbers,
    numbers: Window,
    depthwise: boolean,
    channelsFirst: boolean,
  ): undefined;
  convolveInputGradient(
    dy: Handle<'dy'>,
    filter: Handle<'filter'>,
    shape: Numbers,
    numbers: Window,
    depthwise: boolean,
    channelsFirst: boolean,
  ): undefined;
  cumprod(x: Handle<'x'>, axis: number, exclusive: boolean, reverse: boolean): undefined;
  cumsum(x: Handle<'x'>, axis: number, exclusive: boolean, reverse: boolean): undefined;
  depthToSpace(x: Handle<'x'>, block: number, channelsFirst: boolean): undefined;
  diagonalOf(x: Handle<'x'>): undefined;
  einsum(equation: string, factors: Handles): undefined;
  eluGrad(dy: Handle<'dy'>, y: Handle<'y'>): undefined;
  fill(shape: Numbers, value: number, typeCode: TypeCode): undefined;
  fusedMatMul(
    a: Handle<'a'>,
    b: Handle<'b'>,
    bias: Handle<'bias'> | null,
    slopes: Handle<'preluActivationWeights'> | null,
    transposeA: boolean,
    transposeB: boolean,
    activation: string,
    slope: number,
  ): undefined;
  gatherNd(params: Handle<'params'>, indices: Handle<'indices'>): undefined;
  gatherV2(stored: Handle<'x'>, indices: Handle<'indices'>, axis: number, batchAxes: number): undefined;
  leakyRelu(x: Handle<'x'>, alpha: number): undefined;
  linSpace(start: number, stop: number, count: number): undefined;
  logSoftmax(logits: Handle<'logits'>, axis: number): undefined;
  maxPool(x: Handle<'x'>, numbers: Window): undefined;
  maxPoolGradient(dy: Handle<'dy'>, x: Handle<'input'>, numbers: Window): undefined;
  maxPoolWithArgmax(x: Handle<'x'>, numbers: Window, includeBatchInIndex: boolean): undefined;
  mirrorPad(x: Handle<'x'>, before: Numbers, after: Numbers, symmetric: boolean): undefined;
  multinomial(logits: Handle<'logits'>, samples: number, seed: number, normalized: boolean): undefined;
  oneHot(indices: Handle<'indices'>, depth: number, on: number, off: number, typeCode: TypeCode): undefined;
  pack(parts: Handles, axis: number): undefined;
  pad(x: Handle<'x'>, before: Numbers, after: Numbers, value: number): undefined;
  prelu(x: Handle<'x'>, alpha: Handle<'alpha'>): undefined;
  range(start: number, step: number, count: number, typeCode: TypeCode): undefined;
  reshape(x: Handle<'x' | 'input'>, shape: Numbers): undefined;
  resizeBilinear(
    x: Handle<'images'>,
    height: number,
    width: number,
    alignCorners: boolean,
    halfPixelCenters: boolean,
  ): undefined;
  resizeBilinearGradient(
    dy: Handle<'dy'>,
    height: number,
    width: number,
    alignCorners: boolean,
    halfPixelCenters: boolean,
  ): undefined;
  resizeNearest: NativeOps['resizeBilinear'];
  resizeNearestGradient: NativeOps['resizeBilinearGradient'];
  reverse(x: Handle<'x'>, axes: Numbers): undefined;
  scatterNd(indices: Handle<'indices'>, updates: Handle<'updates'>, shape: Numbers): undefined;
  searchSorted(rows: Handle<'sortedSequence'>, values: Handle<'values'>, right: boolean): undefined;
  select(condition: Handle<'condition'>, yes: Handle<'t'>, no: Handle<'e'>): undefined;
  slice(x: Handle<'x'>, begin: Numbers, size: Numbers): undefined;
  softmax(logits: Handle<'logits'>, axis: number): undefined;
  spaceToBatch(x: Handle<'x'>, block: Numbers, paddings: Numbers): undefined;
  split(x: Handle<'x'>, sizes: Numbers, axis: number): undefined;
  step(stored: Handle<'x'>, alpha: number): undefined;
  stridedSlice(x: Handle<'x'>, begin: Numbers, end: Numbers, strides: Numbers, shape: Numbers): undefined;
  tensorScatterUpdate(x: Handle<'tensor'>, indices: Handle<'indices'>, updates: Handle<'updates'>): undefined;
  tile(x: Handle<'x'>, repetitions: Numbers): undefined;
  topK(x: Handle<'x'>, count: number): undefined;
  transpose(x: Handle<'x'>, order: Numbers): undefined;
  unique(x: Handle<'x'>, axis: number): undefined;
  unpack(x: Handle<'value'>, axis: number): undefined;
  unsortedSegmentSum(x: Handle<'x'>, ids: Handle<'segmentIds'>, segments: number): undefined;
}
