import type { Activation, Conv2dAttributes, KernelAttributes, KernelInputs } from 'dna-nas/nn/kernels';
import { type NativeTensor, TYPES } from '../binding.js';
import { attribute, type CudaKernel, cudaKernel, type KernelCall } from '../cuda-kernel.js';
import { activated } from './activation.js';
import { scaledAndShifted } from './batch-norm.js';
import { convolutionAttributes, gather, spread, spreadShape } from './geometry.js';
import { ownDepthwise } from './own-depthwise.js';
import { hasOwnOps } from './own-ops.js';

/** TensorFlow's ops for a kind of convolution. */
interface Ops {
  readonly forward: string;
  readonly gradientOfInput: string;
  readonly gradientOfFilter: string;
}

const DENSE: Ops = {
  forward: 'Conv2D',
  gradientOfInput: 'Conv2DBackpropInput',
  gradientOfFilter: 'Conv2DBackpropFilter',
};
const DEPTHWISE: Ops = {
  forward: 'DepthwiseConv2dNative',
  gradientOfInput: 'DepthwiseConv2dNativeBackpropInput',
  gradientOfFilter: 'DepthwiseConv2dNativeBackpropFilter',
};

type Pair = readonly [number, number];
const extents = (shape: readonly number[], from = 0): Pair => [shape[from]!, shape[from + 1]!];

/** A kind of convolution and the gradients of its two inputs, each of TensorFlow's tensors. */
export interface Convolution {
  forward(
    call: KernelCall,
    x: NativeTensor,
    filter: NativeTensor,
    attributes: Conv2dAttributes,
  ): NativeTensor;
  gradientOfInput(
    call: KernelCall,
    dy: NativeTensor,
    filter: NativeTensor,
    attributes: KernelAttributes<'Conv2dGradInput'>,
  ): NativeTensor;
  gradientOfFilter(
    call: KernelCall,
    x: NativeTensor,
    dy: NativeTensor,
    attributes: KernelAttributes<'Conv2dGradFilter'>,
  ): NativeTensor;
}

function convolution(ops: Ops): Convolution {
  return {
    forward(call, x, filter, attributes) {
      const taps = spread(call, filter, attributes.dilations);
      const options = convolutionAttributes(attributes, extents(x.shape, 1), extents(taps.shape));
      return call.op(ops.forward, [x, taps], options);
    },
    gradientOfInput(call, dy, filter, attributes) {
      const taps = spread(call, filter, attributes.dilations);
      const { inputShape } = attributes;
      const options = convolutionAttributes(attributes, extents(inputShape, 1), extents(taps.shape));
      return call.op(ops.gradientOfInput, [call.integers(inputShape), taps, dy], options);
    },
    gradientOfFilter(call, x, dy, attributes) {
      const shape = spreadShape(attributes.filterShape, attributes.dilations);
      const options = convolutionAttributes(attributes, extents(x.shape, 1), extents(shape));
      const taps = call.op(ops.gradientOfFilter, [x, call.integers(shape), dy], options);
      return gather(call, { ...taps, shape }, attributes.dilations);
    },
  };
}

const dense = convolution(DENSE);
const native = convolution(DEPTHWISE);
const isEven = ({ strides: [down, across] }: Conv2dAttributes) => down === across;

/** TensorFlow's depthwise ops take one stride for both axes; others go by a dense filter with one channel each. */
const byTensorflow: Convolution = {
  forward(call, x, filter, attributes) {
    if (isEven(attributes)) return native.forward(call, x, filter, attributes);
    return dense.forward(call, x, diagonal(call, filter), attributes);
  },
  gradientOfInput(call, dy, filter, attributes) {
    if (isEven(attributes)) return native.gradientOfInput(call, dy, filter, attributes);
    return dense.gradientOfInput(call, dy, diagonal(call, filter), attributes);
  },
  gradientOfFilter(call, x, dy, attributes) {
    if (isEven(attributes)) return native.gradientOfFilter(call, x, dy, attributes);
    const [height, width, channels] = attributes.filterShape as [number, number, number];
    const filterShape = [height, width, channels, channels];
    const all = dense.gradientOfFilter(call, x, dy, { ...attributes, filterShape });
    return call.op('Reshape', [
      call.op('MatrixDiagPart', [all]),
      call.integers([height, width, channels, 1]),
    ]);
  },
};

/** [kh, kw, c, 1] → [kh, kw, c, c] */
function diagonal(call: KernelCall, filter: NativeTensor): NativeTensor {
  return call.op('MatrixDiag', [call.op('Reshape', [filter, call.integers(filter.shape.slice(0, 3))])]);
}

const depthwise: Convolution = {
  forward(call, x, filter, attributes) {
    return ownDepthwise.fits(call, filter.shape, attributes)
      ? ownDepthwise.forward(call, x, filter, attributes)
      : byTensorflow.forward(call, x, filter, attributes);
  },
  gradientOfInput(call, dy, filter, attributes) {
    return ownDepthwise.fits(call, filter.shape, attributes)
      ? ownDepthwise.gradientOfInput(call, dy, filter, attributes)
      : byTensorflow.gradientOfInput(call, dy, filter, attributes);
  },
  gradientOfFilter(call, x, dy, attributes) {
    return ownDepthwise.fits(call, attributes.filterShape, attributes)
      ? ownDepthwise.gradientOfFilter(call, x, dy, attributes)
      : byTensorflow.gradientOfFilter(call, x, dy, attributes);
  },
};

/** What TensorFlow adds to its fused convolution; it has no swish. */
const FUSED: Partial<Record<Activation, readonly string[]>> = {
  none: ['BiasAdd'],
  relu: ['BiasAdd', 'Relu'],
  relu6: ['BiasAdd', 'Relu6'],
};

/** Lists of texts are what the published binary cannot pass, and our ops come with lists. */
function fusedConvolution(
  call: KernelCall,
  { x, filter, bias }: KernelInputs<'Conv2dBias', NativeTensor>,
  attributes: KernelAttributes<'Conv2dBias'>,
): NativeTensor | undefined {
  const parts = FUSED[attributes.activation];
  const options = convolutionAttributes(attributes, extents(x.shape, 1), extents(filter.shape));
  const padded = options.some(({ value }) => value === 'EXPLICIT');
  const dilated = attributes.dilations.some((extent) => extent > 1);
  if (!parts || padded || dilated || !hasOwnOps(call)) return undefined;
  const added = [
    attribute.string('fused_ops', parts),
    attribute.int('num_args', 1),
    attribute.int('num_host_args', 0),
    attribute.type('TArgs', [TYPES.float32]),
  ];
  return call.op('_FusedConv2D', [x, filter, bias], [...options, ...added]);
}

function biased(call: KernelCall, y: NativeTensor, bias: NativeTensor, activation: Activation): NativeTensor {
  if (hasOwnOps(call)) {
    return scaledAndShifted(call, { x: y, scale: call.vector(1, bias.shape[0]!), shift: bias }, activation);
  }
  return activated(call, call.op('BiasAdd', [y, bias]), activation);
}

function kernels(name: 'Conv2d' | 'DepthwiseConv2d', kind: Convolution): CudaKernel[] {
  return [
    cudaKernel(name, (call, { x, filter }, attributes) => kind.forward(call, x, filter, attributes)),
    cudaKernel(`${name}GradInput`, (call, { dy, filter }, attributes) =>
      kind.gradientOfInput(call, dy, filter, attributes),
    ),
    cudaKernel(`${name}GradFilter`, (call, { x, dy }, attributes) =>
      kind.gradientOfFilter(call, x, dy, attributes),
    ),
    cudaKernel(`${name}Bias`, (call, inputs, attributes) => {
      const { x, filter, bias } = inputs;
      const { activation } = attributes;
      if (kind === depthwise && ownDepthwise.fits(call, filter.shape, attributes)) {
        return ownDepthwise.forward(call, x, filter, attributes, { bias, activation });
      }
      const fused = kind === dense ? fusedConvolution(call, inputs, attributes) : undefined;
      return fused ?? biased(call, kind.forward(call, x, filter, attributes), bias, activation);
    }),
  ];
}

export const CONVOLUTIONS: readonly CudaKernel[] = [
  ...kernels('Conv2d', dense),
  ...kernels('DepthwiseConv2d', depthwise),
];
