import { engine, grads, type Tensor } from '../tensor.js';

/**
 * From within an op's backward pass: the gradients of a composition that computes the same, at inputs that were saved.
 * tfjs ends each computation of gradients by dropping the tape that is being recorded, which an outer one still needs.
 */
export function compositionGradients(
  compose: (...inputs: Tensor[]) => Tensor,
  inputs: Tensor[],
  dy: Tensor,
): Tensor[] {
  const { state } = engine();
  const tape = state.activeTape;
  try {
    return grads(compose)(inputs, dy);
  } finally {
    state.activeTape = tape;
  }
}
