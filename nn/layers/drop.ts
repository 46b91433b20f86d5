import type { ForwardContext } from '../module.js';
import { dropConnect, dropout } from '../ops/index.js';
import type { Tensor } from '../tensor.js';

/** Drop-connect of a residual's branch, in training alone. Drawn from the context's stream as `drop_connect`. */
export function dropBranch(y: Tensor, rate: number | undefined, context: ForwardContext): Tensor {
  if (context.mode !== 'train' || !rate) return y;
  return dropConnect(y, rate, requireRandom(context, 'drop-connect').fork('drop_connect'));
}

/** Dropout of single elements, in training alone. Drawn from the context's stream as `dropout`. */
export function dropElements(x: Tensor, rate: number | undefined, context: ForwardContext): Tensor {
  if (context.mode !== 'train' || !rate) return x;
  return dropout(x, rate, requireRandom(context, 'dropout').fork('dropout'));
}

function requireRandom(context: ForwardContext, layer: string) {
  if (context.random) return context.random;
  throw new Error(`A ${layer} layer draws in training: give forward a context with a random stream.`);
}
