import type { NetworkTensor } from 'dna-nas/core';
import type { Tensor } from '../tensor.js';
import type { StateDict } from '../weights/state-dict.js';

/**
 * Changes parameters by their gradients. Slots (moments, buffers) and step counts belong to a parameter's name, so
 * that a step which trains one path leaves every other parameter as it was: value, slots, count and decay.
 */
export interface Optimiser {
  /**
   * One step for exactly the parameters given; the gradients stay the caller's to dispose.
   * @throws If a parameter has no gradient or one of another shape.
   */
  step(
    parameters: ReadonlyMap<string, NetworkTensor>,
    gradients: ReadonlyMap<string, Tensor>,
    learningRate: number,
  ): void;
  /** Slots as in memory, named `<slot>/<parameter>`, and counts, named `steps/<parameter>`. */
  state(): StateDict;
  /**
   * Replaces all slots and counts by those of `state`.
   * @throws If the dictionary is not of this kind of optimiser.
   */
  load(state: StateDict): void;
  /** Frees the slots; the next step starts afresh. */
  dispose(): void;
}
