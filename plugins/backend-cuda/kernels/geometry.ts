import type { Conv2dAttributes } from 'dna-nas/nn/kernels';
import type { NativeAttribute, NativeTensor } from '../binding.js';
import { attribute, type KernelCall } from '../cuda-kernel.js';

type Pair = readonly [number, number];

/**
 * What TensorFlow's convolutions are told. Padding is explicit only where it is neither SAME nor VALID: its fastest
 * kernels take no other.
 * @param size height and width of the input
 * @param kernel height and width of the filter, spread by its dilations
 */
export function convolutionAttributes(
  { strides, padding }: Conv2dAttributes,
  size: Pair,
  kernel: Pair,
): NativeAttribute[] {
  const common = [attribute.int('strides', [1, ...strides, 1]), attribute.string('data_format', 'NHWC')];
  const [top, bottom, left, right] = padding;
  if (padding.every((pixels) => pixels === 0)) return [...common, attribute.string('padding', 'VALID')];
  const same = [...samePadding(0), ...samePadding(1)];
  if (same.join() === padding.join()) return [...common, attribute.string('padding', 'SAME')];
  const explicit = attribute.int('explicit_paddings', [0, 0, top, bottom, left, right, 0, 0]);
  return [...common, attribute.string('padding', 'EXPLICIT'), explicit];

  function samePadding(axis: 0 | 1): Pair {
    const outputs = Math.ceil(size[axis] / strides[axis]);
    const total = Math.max(0, (outputs - 1) * strides[axis] + kernel[axis] - size[axis]);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
}

/** The shape of a filter with zeros between its taps. */
export function spreadShape(shape: readonly number[], [down, across]: Pair): number[] {
  const [height = 0, width = 0, ...channels] = shape;
  return [(height - 1) * down + 1, (width - 1) * across + 1, ...channels];
}

/** The filter with zeros between its taps: TensorFlow has no gradients of dilated convolutions on a CPU. */
export function spread(call: KernelCall, filter: NativeTensor, dilations: Pair): NativeTensor {
  const [down, across] = dilations;
  if (down === 1 && across === 1) return filter;
  const [height, width, inputs, outputs] = filter.shape as [number, number, number, number];
  const apart = call.op('Reshape', [filter, call.integers([height, 1, width, 1, inputs * outputs])]);
  const pads = call.op('Reshape', [
    call.integers([0, 0, 0, down - 1, 0, 0, 0, across - 1, 0, 0]),
    call.integers([5, 2]),
  ]);
  const padded = call.op('Pad', [apart, pads]);
  const whole = call.op('Reshape', [padded, call.integers([height * down, width * across, inputs, outputs])]);
  return call.op('Slice', [
    whole,
    call.integers([0, 0, 0, 0]),
    call.integers(spreadShape(filter.shape, dilations)),
  ]);
}

/** The taps of a spread filter alone. */
export function gather(call: KernelCall, filter: NativeTensor, [down, across]: Pair): NativeTensor {
  if (down === 1 && across === 1) return filter;
  return call.op('StridedSlice', [
    filter,
    call.integers([0, 0, 0, 0]),
    call.integers(filter.shape),
    call.integers([down, across, 1, 1]),
  ]);
}
