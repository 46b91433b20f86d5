import type { NetworkTensor } from 'dna-nas/core';
import { engine, type Scalar, type Tensor } from '../tensor.js';

export interface LossGradients {
  readonly value: Scalar;
  /** By the parameter's name, in the order of the parameters. */
  readonly gradients: Map<string, Tensor>;
}

/**
 * Computes a loss and its gradients with respect to exactly the given parameters. The value and the gradients are the
 * caller's to dispose (`disposeGradients`).
 * @throws If a parameter has no part in the loss; the error names it.
 */
export function gradients(loss: () => Scalar, parameters: ReadonlyMap<string, NetworkTensor>): LossGradients {
  const names = [...parameters.keys()];
  const variables = [...parameters.values()].map((parameter) => parameter.value as Tensor);
  if (names.length === 0) throw new Error('gradients needs at least one parameter.');
  // With `allowNoGradients` the engine leaves an unused parameter to us, who can name it.
  const { value, grads } = engine().gradients(loss, variables, undefined, true);
  const unused = names.filter((_, index) => !grads[index]);
  if (unused.length > 0) {
    for (const tensor of [value, ...grads]) tensor?.dispose();
    throw new Error(
      `The loss does not depend on ${unused.length} of ${names.length} parameters, first "${unused[0]}". ` +
        'Give only the parameters that the forward pass used.',
    );
  }
  return { value: value as Scalar, gradients: new Map(names.map((name, index) => [name, grads[index]!])) };
}

/** Frees gradients, and the value if it is there. */
export function disposeGradients(result: { value?: Tensor; gradients: ReadonlyMap<string, Tensor> }): void {
  result.value?.dispose();
  for (const gradient of result.gradients.values()) gradient.dispose();
}
