// Runs a case of `cases.mjs` or `mb-conv-cases.mjs` on tensors.

import { tf } from 'dna-nas/nn';
import { runKernel } from 'dna-nas/nn/kernels';
import { drawn, stored } from './device.mjs';

/** Values of an input on the host: the same on every device and in every precision. */
export function hostInput({ shape, map = false, about, deviation }, index) {
  return drawn(shape, { seed: index + 1, about, deviation, narrow: map });
}

/** The inputs of a case on the current backend, by name. */
export function makeInputs({ inputs }) {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input], index) => {
      const tensor = tf.tensor(hostInput(input, index), input.shape);
      return [name, input.map ? stored(tensor) : tensor];
    }),
  );
}

/** What a case computes: none where an optimiser has written the new values into its inputs. */
export function runCase({ kernel, attributes, list, run }, tensors) {
  if (run) return run(tensors);
  const inputs = list ? Object.values(tensors) : tensors;
  const found = runKernel(kernel, inputs, attributes);
  // One tensor, a list, or several by their names.
  return found instanceof tf.Tensor ? [found] : Object.values(found);
}

/** Tensors that a case's result is in: its outputs, or the inputs that it has written. */
export function resultsOf(outputs, tensors) {
  return outputs.length > 0 ? outputs : Object.values(tensors);
}

/** Whether a tensor is an activation's map of that batch. */
export function isMap({ shape }, batch) {
  return shape.length === 4 && shape[0] === batch;
}
