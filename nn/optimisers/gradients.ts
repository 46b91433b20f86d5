import type { NetworkTensor } from 'dna-nas/core/contracts';
import { engine, type Scalar, type Tensor, tidy } from '../tensor.js';

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
  const { value, grads } = differentiate(loss, variables);
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

/** What of tfjs's engine holds the tensors that ops have saved for their backward passes. */
interface Taping {
  readonly state: { readonly gradientDepth: number; activeTape: readonly TapeNode[] | null };
}

interface TapeNode {
  readonly saved?: readonly Tensor[];
}

/** Where it fails, in want of memory say, nothing of it is left. */
function differentiate(loss: () => Scalar, variables: Tensor[]) {
  try {
    // With `allowNoGradients` the engine leaves an unused parameter to us, who can name it.
    return tidy(() => engine().gradients(loss, variables, undefined, true));
  } catch (error) {
    releaseTape();
    throw error;
  }
}

/** Frees what was saved for a backward pass that will not be: the engine does so at the end of that pass alone. */
function releaseTape(): void {
  const { state } = engine() as unknown as Taping;
  if (state.gradientDepth > 0) return;
  for (const { saved = [] } of state.activeTape ?? []) for (const tensor of saved) tensor.dispose();
  state.activeTape = null;
}

/** Frees gradients, and the value if it is there. */
export function disposeGradients(result: { value?: Tensor; gradients: ReadonlyMap<string, Tensor> }): void {
  result.value?.dispose();
  for (const gradient of result.gradients.values()) gradient.dispose();
}
