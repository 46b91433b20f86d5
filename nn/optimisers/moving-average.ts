import type { Network, NetworkTensor, StateDict } from 'dna-nas/core/contracts';
import { type BlendPair, blend } from '../ops/blend.js';
import { hasKernel } from '../ops/kernel.js';
import { add, clone, keep, tensor as makeTensor, mul, scalar, sub, type Tensor, tidy } from '../tensor.js';

export interface MovingAverageOptions {
  /** Share of the average that stays at each update. */
  readonly decay: number;
  /** Begins with a smaller decay, (1 + n)/(10 + n) at update n from 1, where that is below `decay`. @default false */
  readonly warmUp?: boolean;
}

/** Stands in the state beside the tensors; no module can have a tensor of this name. */
const UPDATES = '(updates)';

/**
 * Exponential moving average of every tensor of a module, parameters and buffers. `swap` puts the averages into the
 * module to evaluate or save them, `restore` brings the trained values back.
 */
export class MovingAverage {
  readonly #tensors: ReadonlyMap<string, NetworkTensor>;
  readonly #options: MovingAverageOptions;
  readonly #averages = new Map<string, Tensor>();
  #updates = 0;
  #swapped = false;

  /** Starts from the module's values. */
  constructor(module: Network, options: MovingAverageOptions) {
    if (!(options.decay >= 0 && options.decay < 1)) {
      throw new RangeError(`A moving average's decay must be 0 or more and below 1, not ${options.decay}.`);
    }
    this.#tensors = module.tensors();
    this.#options = options;
    for (const [name, { value }] of this.#tensors) this.#averages.set(name, keep(clone(value)));
  }

  /** Moves every average towards the module's value; after each optimiser step. */
  update(): void {
    if (this.#swapped) throw new Error('The averages are in the module: call restore() before update().');
    this.#updates += 1;
    const share = 1 - this.#decay();
    const pairs = [...this.#tensors].map(([name, { value }]) => {
      const old = this.#averages.get(name)!;
      const take = (average: Tensor) => {
        this.#averages.set(name, keep(average));
        old.dispose();
      };
      return { old, fresh: value, share, take };
    });
    tidy(() => move(pairs, share));
  }

  #decay(): number {
    const { decay, warmUp } = this.#options;
    return warmUp ? Math.min(decay, (1 + this.#updates) / (10 + this.#updates)) : decay;
  }

  /** Puts the averages into the module and keeps its values aside. */
  swap(): void {
    if (this.#swapped) throw new Error('The averages are in the module already: call restore() first.');
    this.#exchange();
    this.#swapped = true;
  }

  /** Brings the module's own values back. */
  restore(): void {
    if (!this.#swapped) throw new Error('The module holds its own values: call swap() first.');
    this.#exchange();
    this.#swapped = false;
  }

  #exchange(): void {
    for (const [name, tensor] of this.#tensors) {
      const aside = keep(clone(tensor.value));
      tensor.assign(this.#averages.get(name)!);
      this.#averages.set(name, aside);
    }
  }

  /** The averages as in memory, by tensor name, and the number of updates. */
  state(): StateDict {
    const dict: StateDict = new Map([[UPDATES, { shape: [], data: Float32Array.of(this.#updates) }]]);
    for (const [name, tensor] of this.#tensors) {
      const average = this.#swapped ? tensor.value : this.#averages.get(name)!;
      dict.set(name, { shape: [...average.shape], data: (average.dataSync() as Float32Array).slice() });
    }
    return dict;
  }

  /**
   * Takes the averages of `state`.
   * @throws If a tensor of the module is missing there or has another size.
   */
  load(state: StateDict): void {
    if (this.#swapped) throw new Error('The averages are in the module: call restore() before load().');
    const updates = state.get(UPDATES);
    for (const [name, { shape }] of this.#tensors) {
      const found = state.get(name)?.shape;
      if (updates && found?.join() === shape.join()) continue;
      const what = found ? `[${found.join(', ')}]` : 'nothing';
      throw new Error(`The moving average expected "${name}" as [${shape.join(', ')}] and found ${what}.`);
    }
    for (const [name, { shape }] of this.#tensors) {
      this.#averages.get(name)!.dispose();
      this.#averages.set(name, keep(makeTensor(state.get(name)!.data.slice(), [...shape], 'float32')));
    }
    this.#updates = updates!.data[0]!;
  }

  dispose(): void {
    for (const average of this.#averages.values()) average.dispose();
    this.#averages.clear();
  }
}

/** A share near 0 of float32 loses too much beside a factor near 1, so that the composition moves by the difference. */
function move(pairs: readonly BlendPair[], share: number): void {
  if (hasKernel('Blend')) {
    blend(pairs, 1 - share);
    return;
  }
  const factor = scalar(share);
  for (const { old, fresh, take } of pairs) take(tidy(() => add(old, mul(sub(fresh, old), factor))));
}
