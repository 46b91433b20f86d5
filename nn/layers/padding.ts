import type { FeatureShape } from '../module.js';
import { type ConvolutionOptions, convolutionOutput } from '../ops/index.js';

/**
 * How a convolution pads: `same` as TensorFlow (an odd pixel goes to the bottom and right), as timm's
 * `tf_efficientnet_*`; `symmetric` as timm's `efficientnet_*`.
 */
export type PaddingStyle = 'same' | 'symmetric';

/** A square window. */
export interface WindowOptions {
  /** Height and width of the filter. */
  readonly kernel: number;
  /** @default 1 */
  readonly stride?: number;
  /** @default 'same' */
  readonly padding?: PaddingStyle;
}

/** The window as the convolution ops take it. */
export function convolutionOptions({
  kernel,
  stride = 1,
  padding = 'same',
}: WindowOptions): ConvolutionOptions {
  return {
    strides: stride,
    padding: padding === 'same' ? 'same' : Math.floor((stride - 1 + kernel - 1) / 2),
  };
}

/** The shape behind a convolution. */
export function windowOutput(input: FeatureShape, window: WindowOptions, channels: number): FeatureShape {
  const size = [input.height, input.width] as const;
  const [height, width] = convolutionOutput(size, [window.kernel, window.kernel], convolutionOptions(window));
  return { height, width, channels };
}

/** Refuses a feature shape of other channels than a layer was made for. */
export function requireChannels(layer: string, input: FeatureShape, channels: number): void {
  if (input.channels === channels) return;
  throw new RangeError(`${layer} was made for ${channels} input channels and got ${input.channels}.`);
}
