/**
 * The named kernels of ours: what each op asks a backend for, and what the backend answers.
 *
 * An op in `nn/ops` looks its kernel up in tfjs's registry (`getKernel(name, backendName)`); where the backend has
 * it the op runs it, otherwise the op's composition of plain tfjs ops runs, which is the kernel's reference too.
 * Layout is NHWC, float32. All shapes are checked by the op before the kernel sees them.
 *
 * | kernel | inputs | attributes | outputs |
 * | --- | --- | --- | --- |
 * | MatMul | a [m,k], b [k,n] | MatMulAttributes | [m,n] |
 * | MatMulGradA | dy [m,n], b [k,n] | MatMulAttributes | da [m,k] |
 * | MatMulGradB | a [m,k], dy [m,n] | MatMulAttributes | db [k,n] |
 * | Conv2d | x [n,h,w,c], filter [kh,kw,c,o] | Conv2dAttributes | y |
 * | Conv2dGradInput | dy, filter | Conv2dAttributes + inputShape | dx |
 * | Conv2dGradFilter | x, dy | Conv2dAttributes + filterShape | dfilter |
 * | DepthwiseConv2d | x [n,h,w,c], filter [kh,kw,c,1] | Conv2dAttributes | y |
 * | DepthwiseConv2dGradInput | dy, filter | Conv2dAttributes + inputShape | dx |
 * | DepthwiseConv2dGradFilter | x, dy | Conv2dAttributes + filterShape | dfilter |
 * | BatchNormTraining | x [..,c], scale [c], offset [c] | epsilon, activation | y, mean [c], variance [c] (biased) |
 * | BatchNormTrainingGrad | dy, x, scale, offset, mean, variance | epsilon, activation | dx, dscale, doffset |
 * | ScaleShift | x [..,c], scale [c], shift [c] | activation | activation(x · scale + shift) |
 * | Activate | x | activation | y |
 * | ActivateGrad | dy, x | activation | dx |
 * | GlobalMean | x [n,h,w,c] | | [n,c] |
 * | GlobalMeanGrad | dy [n,c] | inputShape | dx |
 * | ChannelGate | x [n,h,w,c], gate [n,c] | | x · gate (the gate is already a sigmoid's output) |
 * | ChannelGateGrad | dy, x, gate | | dx, dgate |
 * | ChannelGateShift | x, gate, shift [n,c] | | x · gate + shift |
 * | ChannelDot | a, b [n,h,w,c] | | [n,c] sum over positions of a · b |
 * | Conv2dBias | x, filter, bias [o] | Conv2dAttributes + activation | activation(Conv2d + bias) |
 * | DepthwiseConv2dBias | x, filter, bias [c] | Conv2dAttributes + activation | likewise |
 * | Blend | old0, fresh0, old1, fresh1, … | BlendAttributes | oldᵢ · keep + freshᵢ · sharesᵢ |
 * | SquaredError | y, target (same shape) | | scalar mean of (y − target)² |
 * | SquaredErrorGrad | dloss [], y, target | | dy |
 * | SoftmaxCrossEntropy | logits [n, k], labels (int32 [n] or float32 [n, k]) | smoothing | loss [], its gradient by the logits [n, k] |
 * | MbConvTraining | MbConvInputs | MbConvAttributes | y, mean and variance of the three norms, then what its gradient keeps |
 * | MbConvTrainingGrad | dy, MbConvInputs, all outputs but y | MbConvAttributes | dx and the thirteen weights' gradients |
 * | MbConvFolded | MbConvFoldedInputs | MbConvFoldedAttributes | y |
 * | AdamStep | parameter/gradient/moment lists | AdamAttributes | see `nn/optimisers` |
 * | SgdStep, RmspropStep | likewise | | |
 */
export const KERNEL_PREFIX = 'Dna';

export type Activation = 'none' | 'relu' | 'relu6' | 'swish' | 'sigmoid';

/**
 * What the rows of a product are: pixels of feature maps, which a backend may store and multiply in fewer bits, or
 * vectors of whole images (squeeze-and-excitation, a classifier), which it may not.
 */
export interface MatMulAttributes {
  readonly rows: 'pixels' | 'vectors';
}

/** Explicit padding in pixels; SAME is resolved to it by the op, as TensorFlow does. */
export interface Conv2dAttributes {
  readonly strides: readonly [number, number];
  /** top, bottom, left, right */
  readonly padding: readonly [number, number, number, number];
  readonly dilations: readonly [number, number];
}

export const KERNELS = [
  'MatMul',
  'MatMulGradA',
  'MatMulGradB',
  'Conv2d',
  'Conv2dGradInput',
  'Conv2dGradFilter',
  'DepthwiseConv2d',
  'DepthwiseConv2dGradInput',
  'DepthwiseConv2dGradFilter',
  'BatchNormTraining',
  'BatchNormTrainingGrad',
  'ScaleShift',
  'Activate',
  'ActivateGrad',
  'GlobalMean',
  'GlobalMeanGrad',
  'ChannelGate',
  'ChannelGateGrad',
  'ChannelGateShift',
  'ChannelDot',
  'Conv2dBias',
  'DepthwiseConv2dBias',
  'Blend',
  'SquaredError',
  'SquaredErrorGrad',
  'SoftmaxCrossEntropy',
  'MbConvTraining',
  'MbConvTrainingGrad',
  'MbConvFolded',
  'AdamStep',
  'SgdStep',
  'RmspropStep',
] as const;

export type KernelName = (typeof KERNELS)[number];

/**
 * A whole MBConv in training mode with squeeze-and-excitation. Inputs are a list: x [n, h, w, i], then expand
 * [1, 1, i, c], scale and offset [c], filter [k, k, c, 1] with k of 3, 5 or 7, scale and offset [c], reduce
 * [1, 1, c, r] and its bias [r], excite [1, 1, r, c] and its bias [c], project [1, 1, c, o], scale and offset [o].
 */
export interface MbConvAttributes extends Pick<Conv2dAttributes, 'strides' | 'padding'> {
  readonly epsilon: number;
  /** Behind the first two norms and within squeeze-and-excitation. */
  readonly activation: Activation;
}

/**
 * A whole MBConv whose norms are folded into its convolutions. Inputs are a list: x [n, h, w, i], then expand
 * [1, 1, i, c] and its bias [c], filter [k, k, c, 1] with k of 3, 5 or 7 and its bias [c], reduce [1, 1, c, r] and its
 * bias [r], excite [1, 1, r, c] and its bias [c], project [1, 1, c, o] and its bias [o]. Without an expansion, or
 * without squeeze-and-excitation, theirs are not in the list.
 */
export interface MbConvFoldedAttributes extends Pick<Conv2dAttributes, 'strides' | 'padding'> {
  /** Behind the expansion and the depthwise convolution, and within squeeze-and-excitation. */
  readonly activation: Activation;
  /** Whether x is added to the result. */
  readonly residual: boolean;
}

/** Moving averages of many tensors at once; the old values may be given their new ones as `OptimiserStepAttributes` says. */
export interface BlendAttributes {
  readonly keep: number;
  /** One a pair. */
  readonly shares: readonly number[];
}

/**
 * One multi-tensor optimiser step: every list has one entry a parameter, in the same order. The kernel allocates its
 * outputs; it never writes into an input (tfjs-wasm keeps packed copies of weights by tensor id).
 * Inputs are flattened as `parameter0, gradient0, slotA0, slotB0, parameter1, …`; outputs likewise without gradients.
 * A backend that can give tensors new values may do so to the parameters and slots that nothing else shares, and then
 * answers none: hundreds of tensors are neither made nor assigned.
 */
export interface OptimiserStepAttributes {
  /** Number of parameters. */
  readonly count: number;
  readonly learningRate: number;
  /** Coupled weight decay (added to the gradient), one a parameter. */
  readonly weightDecay: readonly number[];
}

/** Slots: m, v. Bias correction uses each parameter's own step count (1 for its first step). */
export interface AdamAttributes extends OptimiserStepAttributes {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly steps: readonly number[];
}

/** Slot: momentum buffer. `buffer = momentum·buffer + gradient; parameter -= rate·buffer` (Nesterov as in PyTorch). */
export interface SgdAttributes extends OptimiserStepAttributes {
  readonly momentum: number;
  readonly nesterov: boolean;
}

/**
 * Slots: mean square, momentum. TensorFlow's form: `ms = decay·ms + (1−decay)·g²;
 * buffer = momentum·buffer + rate·g/√(ms+epsilon); parameter -= buffer`; mean square starts at 1.
 */
export interface RmspropAttributes extends OptimiserStepAttributes {
  readonly decay: number;
  readonly momentum: number;
  readonly epsilon: number;
}
