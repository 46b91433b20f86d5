import { type FeatureShape, type ForwardContext, Module } from '../module.js';
import { clone, type Tensor } from '../tensor.js';

/** Hands its input on: what a folded network has in place of a batch norm. */
export class Identity extends Module {
  static override readonly repeatable = true;

  override forward(x: Tensor, _context: ForwardContext): Tensor {
    return clone(x);
  }

  override trace(input: FeatureShape): { output: FeatureShape; macs: number } {
    return { output: input, macs: 0 };
  }

  override withoutBatchNorm(): Identity {
    return new Identity();
  }
}
