import type { Activation } from '../kernels/attributes.js';
import type { BatchNormSettings } from './batch-norm.js';
import type { PaddingStyle } from './padding.js';

/** What all layers of a network share. */
export interface LayerStyle {
  /** @default 'swish' */
  readonly activation?: Activation;
  /** @default 'same' */
  readonly padding?: PaddingStyle;
  /** `folded`: the convolutions have biases in place of batch norms. @default momentum 0.1, epsilon 1e-5 */
  readonly batchNorm?: BatchNormSettings | 'folded';
}
