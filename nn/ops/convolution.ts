import type { Conv2dAttributes } from '../kernels/table.js';

/**
 * `same` as TensorFlow means it (the output is ⌈size/stride⌉, an odd pixel of padding goes to the bottom and right),
 * `valid` for none, a number for that many pixels on every side (PyTorch), or [top, bottom, left, right].
 */
export type Padding = 'same' | 'valid' | number | readonly [number, number, number, number];

/** Options of both convolutions; a single number counts for height and width. */
export interface ConvolutionOptions {
  /** @default 1 */
  readonly strides?: number | readonly [number, number];
  /** @default 'same' */
  readonly padding?: Padding;
  /** @default 1 */
  readonly dilations?: number | readonly [number, number];
}

/** A convolution's options with nothing left open, and its output's height and width. */
export interface ResolvedConvolution {
  readonly attributes: Conv2dAttributes;
  readonly output: readonly [number, number];
}

type Pair = readonly [number, number];

function pair(name: string, value: number | Pair): Pair {
  const both: Pair = typeof value === 'number' ? [value, value] : value;
  if (
    !Array.isArray(both) ||
    both.length !== 2 ||
    !both.every((extent) => Number.isInteger(extent) && extent >= 1)
  ) {
    throw new RangeError(`Convolution: ${name} must be one or two whole numbers from 1, not ${value}.`);
  }
  return both;
}

function samePadding(size: number, kernel: number, stride: number): Pair {
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Pixels of padding as [top, bottom, left, right]; `kernel` is the extent covered, dilation included. */
function resolve(padding: Padding, size: Pair, kernel: Pair, strides: Pair): Conv2dAttributes['padding'] {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding === 'same') {
    return [...samePadding(size[0], kernel[0], strides[0]), ...samePadding(size[1], kernel[1], strides[1])];
  }
  const sides = typeof padding === 'number' ? ([padding, padding, padding, padding] as const) : padding;
  if (
    !Array.isArray(sides) ||
    sides.length !== 4 ||
    !sides.every((pixels) => Number.isInteger(pixels) && pixels >= 0)
  ) {
    throw new RangeError(
      `Convolution: padding must be 'same', 'valid', whole pixels from 0 or four of them, not ${padding}.`,
    );
  }
  return sides;
}

/**
 * Resolves a convolution of an input of `size` [height, width] with a filter of `kernel` [height, width].
 * Throws where an option is malformed or the filter does not fit into the padded input.
 */
export function resolveConvolution(
  size: Pair,
  kernel: Pair,
  options: ConvolutionOptions = {},
): ResolvedConvolution {
  const strides = pair('strides', options.strides ?? 1);
  const dilations = pair('dilations', options.dilations ?? 1);
  const covered: Pair = [(kernel[0] - 1) * dilations[0] + 1, (kernel[1] - 1) * dilations[1] + 1];
  const padding = resolve(options.padding ?? 'same', size, covered, strides);
  const height = Math.floor((size[0] + padding[0] + padding[1] - covered[0]) / strides[0]) + 1;
  const width = Math.floor((size[1] + padding[2] + padding[3] - covered[1]) / strides[1]) + 1;
  if (!(height >= 1 && width >= 1)) {
    throw new RangeError(
      `Convolution: a filter that covers ${covered.join('×')} does not fit into an input of ${size.join('×')} ` +
        `padded by ${padding.join(', ')}; give it more padding or a larger input.`,
    );
  }
  return { attributes: { strides, padding, dilations }, output: [height, width] };
}

/** Pixels of padding as [top, bottom, left, right] for an input and a filter of these heights and widths. */
export function resolvePadding(
  size: Pair,
  kernel: Pair,
  options: ConvolutionOptions = {},
): Conv2dAttributes['padding'] {
  return resolveConvolution(size, kernel, options).attributes.padding;
}

/** Height and width of the output for an input and a filter of these heights and widths. */
export function convolutionOutput(size: Pair, kernel: Pair, options: ConvolutionOptions = {}): Pair {
  return resolveConvolution(size, kernel, options).output;
}
