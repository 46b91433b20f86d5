import { ConvolutionNorm } from './convolution-norm.js';
import type { LayerStyle } from './layer-style.js';

export interface StemOptions extends LayerStyle {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** @default 3 */
  readonly kernel?: number;
  /** @default 2 */
  readonly stride?: number;
}

const NAMES = { convolution: 'conv_stem', norm: 'bn1' };

/** A network's first convolution with batch norm and activation. Tensors: `conv_stem`, `bn1`. */
export class Stem extends ConvolutionNorm {
  static override readonly repeatable = true;

  constructor({ kernel = 3, stride = 2, ...options }: StemOptions) {
    super({ ...options, kernel, stride, names: NAMES });
  }
}
