/** The activations that kernels fuse, by the numbers under which compiled code knows them. */
export const ACTIVATION_CODES = { none: 0, relu: 1, relu6: 2, swish: 3, sigmoid: 4 } as const;

export type Activation = keyof typeof ACTIVATION_CODES;
export type ActivationCode = (typeof ACTIVATION_CODES)[Activation];

/** The number under which compiled code knows an activation; throws where there is none of this name. */
export function activationCode(activation: Activation): ActivationCode {
  if (Object.hasOwn(ACTIVATION_CODES, activation)) return ACTIVATION_CODES[activation];
  const known = Object.keys(ACTIVATION_CODES).join(', ');
  throw new RangeError(`Unknown activation "${activation}"; known are ${known}.`);
}

/** What kernels are told beside their tensors: each attribute means the same in every kernel that has it. */
export interface AttributeTypes {
  /**
   * What the rows of a product are: pixels of feature maps, which a backend may store and multiply in fewer bits, or
   * vectors of whole images (squeeze-and-excitation, a classifier), which it may not.
   */
  readonly rows: 'pixels' | 'vectors';
  readonly strides: readonly [number, number];
  /** Pixels at the top, bottom, left and right: the op resolves SAME to them, as TensorFlow does. */
  readonly padding: readonly [number, number, number, number];
  readonly dilations: readonly [number, number];
  /** Of x, where a gradient kernel is not given x. */
  readonly inputShape: readonly number[];
  /** Of the filter, where a gradient kernel is not given it. */
  readonly filterShape: readonly number[];
  /** Added to a variance; to its root by Adam. */
  readonly epsilon: number;
  /** Of a whole MBConv: behind its first two convolutions, and within squeeze-and-excitation. */
  readonly activation: Activation;
  /** Whether x is added to the result. */
  readonly residual: boolean;
  /** The share of the labels that is spread over all classes. */
  readonly smoothing: number;
  /** Factor of the old values of a moving average. */
  readonly keep: number;
  /** Factors of the fresh values, one a pair. */
  readonly shares: readonly number[];
  /** Number of parameters. */
  readonly count: number;
  readonly learningRate: number;
  /** Coupled weight decay (added to the gradient), one a parameter. */
  readonly weightDecay: readonly number[];
  readonly beta1: number;
  readonly beta2: number;
  /** Steps of each parameter, this one included, by which Adam corrects its bias. */
  readonly steps: readonly number[];
  readonly momentum: number;
  /** Looks ahead by one momentum step, as PyTorch does. */
  readonly nesterov: boolean;
  /** Of RMSProp's mean square. */
  readonly decay: number;
}
