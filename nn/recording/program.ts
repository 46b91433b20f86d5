import type { RandomStream } from 'dna-nas/core';
import { engine, type KernelBackend, type Tensor, tidy, type Variable } from '../tensor.js';
import { type Instruction, type Operand, Slots } from './instructions.js';
import { followForks } from './recorded-stream.js';

/** Numbers that are drawn anew at each run. */
export interface Draw {
  /** Forks from the run's stream to the one drawn from. */
  readonly path: readonly (readonly (string | number)[])[];
  readonly fill: (random: RandomStream) => Float32Array;
  readonly shape: number[];
  readonly slot: number;
}

export interface ProgramSpec {
  readonly backend: KernelBackend;
  /** How many there are. */
  readonly slots: number;
  /** Slots of the inputs. */
  readonly inputs: readonly number[];
  /** With the slots of the data that they have before a run. */
  readonly variables: readonly { readonly slot: number; readonly variable: Variable }[];
  /** The program's own. */
  readonly constants: readonly { readonly slot: number; readonly tensor: Tensor }[];
  readonly draws: readonly Draw[];
  readonly instructions: readonly Instruction[];
  readonly outputs: readonly Operand[];
}

/** A recorded computation: its kernels, called one after the other, each tensor freed behind its last use. */
export class Program {
  readonly backend: KernelBackend;
  readonly #spec: ProgramSpec;
  readonly #slots: Slots;
  /** Slots of what a run makes. */
  readonly #own: readonly number[];
  /** Slots that nothing reads any more, behind each instruction. */
  readonly #freed: readonly (readonly number[])[];

  constructor(spec: ProgramSpec) {
    this.#spec = spec;
    this.backend = spec.backend;
    this.#slots = new Slots(spec.slots, spec.backend);
    for (const { slot, tensor } of spec.constants) this.#slots.data[slot] = tensor.dataId;
    this.#own = [...spec.draws.map(({ slot }) => slot), ...spec.instructions.flatMap(({ fills }) => fills)];
    this.#freed = lastUses(this.#own, spec);
  }

  /** Runs it on inputs of the recorded shapes. Returns its outputs, which are the caller's. */
  run(inputs: readonly Tensor[], random: RandomStream | undefined): Tensor[] {
    try {
      this.#begin(inputs, random);
      // The engine is not asked, but a kernel may ask it for others: what they leave, tidy frees.
      tidy(() => this.#runInstructions());
      return this.#spec.outputs.map((output) => this.#share(output));
    } finally {
      for (const slot of this.#own) this.#slots.free(slot);
    }
  }

  /** Frees the constants; it cannot run any more. */
  dispose(): void {
    for (const { tensor } of this.#spec.constants) tensor.dispose();
  }

  #begin(inputs: readonly Tensor[], random: RandomStream | undefined): void {
    const slots = this.#slots.data;
    this.#spec.inputs.forEach((slot, index) => {
      slots[slot] = inputs[index]!.dataId;
    });
    for (const { slot, variable } of this.#spec.variables) slots[slot] = variable.dataId;
    for (const { slot, path, fill, shape } of this.#spec.draws) {
      slots[slot] = this.backend.write(fill(followForks(random!, path)), shape, 'float32');
    }
  }

  #runInstructions(): void {
    const { instructions } = this.#spec;
    for (let index = 0; index < instructions.length; index++) {
      instructions[index]!.run(this.#slots, this.backend);
      for (const slot of this.#freed[index]!) this.#slots.free(slot);
    }
  }

  #share({ slot, shape, dtype }: Operand): Tensor {
    const dataId = this.#slots.data[slot]!;
    this.backend.incRef(dataId);
    return engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype });
  }
}

/** For each instruction the slots of the program's own that no later one and no output needs. */
function lastUses(own: readonly number[], { instructions, outputs }: ProgramSpec): number[][] {
  const last = new Map<number, number>();
  instructions.forEach(({ reads, fills }, index) => {
    for (const slot of [...reads, ...fills]) last.set(slot, index);
  });
  const kept = new Set(outputs.map(({ slot }) => slot));
  const freed: number[][] = instructions.map(() => []);
  for (const slot of own) {
    const index = last.get(slot);
    if (index !== undefined && !kept.has(slot)) freed[index]!.push(slot);
  }
  return freed;
}
