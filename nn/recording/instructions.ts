import {
  type DataType,
  engine,
  type KernelBackend,
  type KernelFunc,
  type TensorInfo,
  type Variable,
} from '../tensor.js';

/** A tensor of a program: where its data is, and as what it is seen. */
export interface Operand {
  readonly slot: number;
  readonly shape: number[];
  readonly dtype: DataType;
}

/** The data of a program's tensors, by slot. */
export type Slots = (object | undefined)[];

/** One step of a program. */
export interface Instruction {
  /** Slots that it reads. */
  readonly reads: readonly number[];
  /** Slots that it fills. */
  readonly fills: readonly number[];
  run(slots: Slots, backend: KernelBackend): void;
}

interface KernelCallParts {
  readonly run: KernelFunc;
  /** Of the inputs; nothing where they are a list. */
  readonly names: readonly string[] | undefined;
  /** An optional input that is not given is undefined. */
  readonly operands: readonly (Operand | undefined)[];
  readonly attributes: Parameters<KernelFunc>[0]['attrs'];
  /** `shared`: the result is an input, under one more reference. */
  readonly outputs: readonly { readonly slot: number; readonly shared: boolean }[];
}

/** A kernel, called without the engine. */
export class KernelCall implements Instruction {
  readonly reads: readonly number[];
  readonly fills: readonly number[];
  readonly #parts: KernelCallParts;
  /** Given to the kernel each time, with other data: a kernel keeps none of it. */
  readonly #infos: { dataId: object; shape: number[]; dtype: DataType }[];
  readonly #call: Omit<Parameters<KernelFunc>[0], 'backend'>;

  constructor(parts: KernelCallParts) {
    const { names, operands, attributes, outputs } = parts;
    this.#parts = parts;
    const given = operands.map(
      (operand) => operand && { dataId: {}, shape: operand.shape, dtype: operand.dtype },
    );
    this.#infos = given.filter((info) => info !== undefined);
    const inputs = names ? Object.fromEntries(names.map((name, index) => [name, given[index]])) : given;
    this.#call = { inputs: inputs as Parameters<KernelFunc>[0]['inputs'], attrs: attributes };
    this.reads = operands.flatMap((operand) => operand?.slot ?? []);
    this.fills = outputs.filter(({ shared }) => !shared).map(({ slot }) => slot);
  }

  run(slots: Slots, backend: KernelBackend): void {
    const { run, outputs } = this.#parts;
    for (let index = 0; index < this.#infos.length; index++) {
      this.#infos[index]!.dataId = slots[this.reads[index]!]!;
    }
    const { inputs, attrs } = this.#call;
    const result = run({ inputs, attrs, backend });
    const results = Array.isArray(result) ? result : [result];
    if (results.length !== outputs.length) throw otherResults(outputs.length, results);
    for (let index = 0; index < outputs.length; index++) {
      const { slot, shared } = outputs[index]!;
      const { dataId } = results[index]!;
      if (shared) backend.disposeData(dataId);
      else slots[slot] = dataId;
    }
  }
}

function otherResults(expected: number, found: readonly TensorInfo[]): Error {
  return new Error(`A kernel answered ${found.length} tensors where it was recorded with ${expected}.`);
}

/** A variable takes the data of a tensor, and is seen with it from there on. */
export class Assignment implements Instruction {
  readonly reads: readonly number[];
  readonly fills: readonly number[] = [];
  readonly #variable: Variable;
  readonly #value: Operand;
  readonly #slot: number;

  constructor(variable: Variable, value: Operand, slot: number) {
    this.#variable = variable;
    this.#value = value;
    this.#slot = slot;
    this.reads = [value.slot];
  }

  run(slots: Slots, backend: KernelBackend): void {
    const { slot, shape, dtype } = this.#value;
    const dataId = slots[slot]!;
    backend.incRef(dataId);
    const fresh = engine().makeTensorFromTensorInfo({ dataId, shape, dtype });
    this.#variable.assign(fresh as never);
    fresh.dispose();
    slots[this.#slot] = this.#variable.dataId;
  }
}
