import type { RandomStream } from 'dna-nas/core';
import type { NetworkTensor } from 'dna-nas/core/contracts';
import { type Program, record } from '../recording/index.js';
import { engine, type Scalar, type Tensor } from '../tensor.js';
import { gradients, type LossGradients } from './gradients.js';

/** A program of a step on 20 layers takes about 100 kB. */
const MOST_PROGRAMS = 128;

/** A loss as a function of what differs from one pass to the next, and what it is differentiated by. */
export interface RepeatableLoss {
  readonly parameters: ReadonlyMap<string, NetworkTensor>;
  compute(inputs: readonly Tensor[], random: RandomStream | undefined): Scalar;
}

export interface Pass {
  /** Says which loss it is; those of one name differ in nothing but inputs, weights and draws. */
  readonly key: string;
  readonly inputs: readonly Tensor[];
  readonly random?: RandomStream;
}

/** What `gradients` answers, and by what it was differentiated. */
export interface PassGradients extends LossGradients {
  readonly parameters: ReadonlyMap<string, NetworkTensor>;
}

interface Entry {
  readonly program: Program;
  readonly parameters: ReadonlyMap<string, NetworkTensor>;
}

/**
 * Gradients of losses that are computed again and again. The first pass of each is recorded; from then on its kernels
 * are called without tfjs's engine, in the same order and to the same bits.
 */
export class RecordedGradients {
  readonly #entries = new Map<string, Entry>();
  readonly #repeatable: boolean;
  readonly #mostPrograms: number;

  /** @param options.repeatable Where it is false, every pass is computed by the engine. */
  constructor(options: { readonly repeatable: boolean; readonly mostPrograms?: number }) {
    this.#repeatable = options.repeatable;
    this.#mostPrograms = options.mostPrograms ?? MOST_PROGRAMS;
  }

  /** Loss and gradients of a pass. `loss` is asked for only where nothing is recorded yet. */
  compute(pass: Pass, loss: () => RepeatableLoss): PassGradients {
    const key = [pass.key, ...pass.inputs.map(({ shape, dtype }) => `${shape}:${dtype}`)].join(' ');
    const entry = this.#entries.get(key);
    if (entry?.program.backend === engine().backend) return repeat(entry, pass);
    return this.#first(key, pass, loss());
  }

  #first(key: string, { inputs, random }: Pass, { parameters, compute }: RepeatableLoss): PassGradients {
    const run = (stream: RandomStream | undefined) => gradients(() => compute(inputs, stream), parameters);
    if (!this.#repeatable || this.#entries.size >= this.#mostPrograms) return { ...run(random), parameters };
    const outputs = ({ value, gradients: found }: LossGradients) => [value, ...found.values()];
    const { result, program } = record({ inputs, random, run, outputs });
    if (program) {
      this.#entries.get(key)?.program.dispose();
      this.#entries.set(key, { program, parameters });
    }
    return { ...result, parameters };
  }

  /** Frees the constants of what was recorded. */
  dispose(): void {
    for (const { program } of this.#entries.values()) program.dispose();
    this.#entries.clear();
  }
}

function repeat({ program, parameters }: Entry, { inputs, random }: Pass): PassGradients {
  const [value, ...found] = program.run(inputs, random);
  const names = [...parameters.keys()];
  const gradients = new Map(names.map((name, index) => [name, found[index]!]));
  return { value: value as Scalar, gradients, parameters };
}
