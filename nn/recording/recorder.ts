import type { RandomStream } from 'dna-nas/core';
import {
  engine,
  type KernelBackend,
  type KernelFunc,
  type Tensor,
  type TensorInfo,
  Variable,
} from '../tensor.js';
import { keptReference } from '../tensor-reference.js';
import { Assignment, type Instruction, KernelCall, type Operand } from './instructions.js';
import { type Draw, Program } from './program.js';
import { RecordedStream } from './recorded-stream.js';

type Call = Parameters<KernelFunc>[0];

/** Notes what one computation does to tensors. The data of each has a slot, which its aliases share. */
export class Recorder {
  readonly #backend: KernelBackend = engine().backend;
  readonly #instructions: Instruction[] = [];
  /** By the data's id. */
  readonly #slots = new Map<object, number>();
  readonly #inputs: readonly number[];
  /** In the slots of the data that they begin with. */
  readonly #variables: { readonly slot: number; readonly variable: Variable }[] = [];
  readonly #variableSlots = new Map<Variable, number>();
  /** Of data that a variable has no more. */
  readonly #stale = new Set<number>();
  readonly #draws: Draw[] = [];
  readonly #constants: { readonly slot: number; readonly tensor: Tensor }[] = [];
  #count = 0;
  /** A kernel may call others: those are its own affair. */
  #depth = 0;
  #obstacle: string | undefined;

  constructor(inputs: readonly Tensor[]) {
    this.#inputs = inputs.map(({ dataId }) => this.#newSlot(dataId));
  }

  /** Why it cannot be repeated, if it cannot. */
  get obstacle(): string | undefined {
    return this.#obstacle;
  }

  giveUp(why: string): void {
    this.#obstacle ??= why;
  }

  kernel(run: KernelFunc, call: Call): ReturnType<KernelFunc> {
    if (this.#depth > 0) return run(call);
    this.#depth = 1;
    let results: ReturnType<KernelFunc>;
    try {
      results = this.#withSharedInputs(call, () => run(call));
    } finally {
      this.#depth = 0;
    }
    this.#note(run, call, [results].flat());
    return results;
  }

  /** A kernel that may write what nobody else sees answers tensors instead: the form that holds at every run. */
  #withSharedInputs<Result>({ inputs }: Call, run: () => Result): Result {
    const given = Object.values(inputs).filter((input) => input !== undefined && input !== null);
    for (const { dataId } of given) this.#backend.incRef(dataId);
    try {
      return run();
    } finally {
      for (const { dataId } of given) this.#backend.disposeData(dataId);
    }
  }

  reads<Values>(read: () => Values): Values {
    if (this.#depth === 0) this.giveUp('it reads the values of a tensor');
    return read();
  }

  /** A variable is given the data of a tensor. */
  assign(variable: Variable, fresh: Tensor): void {
    const operand = this.#operand(fresh);
    this.#stale.add(this.#slotOfVariable(variable));
    const slot = this.#newSlot();
    this.#variableSlots.set(variable, slot);
    this.#instructions.push(new Assignment(variable, operand, slot));
  }

  /** A tensor was filled with numbers that are drawn anew each time. */
  drawn(tensor: Tensor, random: RandomStream, fill: (random: RandomStream) => Float32Array): void {
    if (!(random instanceof RecordedStream)) {
      this.giveUp('it draws from a stream of its own');
      return;
    }
    const slot = this.#newSlot(tensor.dataId);
    this.#draws.push({ path: random.path, fill, shape: [...tensor.shape], slot });
  }

  /** The program, which answers these tensors; nothing where there is an obstacle. */
  finish(outputs: readonly Tensor[]): Program | undefined {
    const operands = outputs.map((tensor) => this.#operand(tensor));
    if (this.#obstacle !== undefined) {
      this.dispose();
      return undefined;
    }
    return new Program({
      backend: this.#backend,
      slots: this.#count,
      inputs: this.#inputs,
      variables: this.#variables,
      constants: this.#constants,
      draws: this.#draws,
      instructions: this.#instructions,
      outputs: operands,
    });
  }

  /** Frees what the program would have held. */
  dispose(): void {
    for (const { tensor } of this.#constants) tensor.dispose();
  }

  #note(run: KernelFunc, { inputs, attrs }: Call, results: readonly TensorInfo[]): void {
    const names = Object.keys(inputs);
    const operands = Object.values(inputs).map((tensor) => tensor && this.#operand(tensor as Tensor));
    const known = results.map(({ dataId }) => this.#slots.get(dataId));
    // A clone, and on some backends a reshape, shares the data of its input: there is nothing to be done again.
    if (results.length > 0 && known.every((slot) => slot !== undefined)) return;
    const outputs = results.map(({ dataId }, index) => {
      const slot = known[index];
      return { slot: slot ?? this.#newSlot(dataId), shared: slot !== undefined };
    });
    this.#instructions.push(
      new KernelCall({
        run,
        names: Array.isArray(inputs) ? undefined : names,
        operands,
        attributes: attrs,
        outputs,
      }),
    );
  }

  #operand(tensor: Tensor): Operand {
    const slot = tensor instanceof Variable ? this.#slotOfVariable(tensor) : this.#slotOf(tensor);
    if (this.#stale.has(slot)) this.giveUp('it uses what a variable was before it was assigned');
    return { slot, shape: [...tensor.shape], dtype: tensor.dtype };
  }

  #slotOfVariable(variable: Variable): number {
    let slot = this.#variableSlots.get(variable);
    if (slot === undefined) {
      slot = this.#newSlot(variable.dataId);
      this.#variables.push({ slot, variable });
      this.#variableSlots.set(variable, slot);
    }
    return slot;
  }

  /** What comes from outside is held, so that it is still there when the program runs. */
  #slotOf(tensor: Tensor): number {
    const known = this.#slots.get(tensor.dataId);
    if (known !== undefined) return known;
    const slot = this.#newSlot(tensor.dataId);
    this.#constants.push({ slot, tensor: keptReference(tensor) });
    return slot;
  }

  #newSlot(dataId?: object): number {
    if (dataId) this.#slots.set(dataId, this.#count);
    this.#count += 1;
    return this.#count - 1;
  }
}
