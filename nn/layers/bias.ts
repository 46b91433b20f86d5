import type { Activation } from '../kernels/attributes.js';

/** What follows the product of a convolution. */
export interface BiasOptions {
  /** @default false */
  readonly bias?: boolean;
  /** Applied after the bias, fused with it where the backend can. @default 'none' */
  readonly activation?: Activation;
}
