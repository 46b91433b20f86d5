import {
  type DataType,
  engine,
  type KernelBackend,
  type KernelFunc,
  keep,
  Tensor,
  type TensorInfo,
  type Variable,
} from '../tensor.js';

/** A tensor of a program: where its data is, and as what it is seen. */
export interface Operand {
  readonly slot: number;
  readonly shape: number[];
  readonly dtype: DataType;
}

/** What a program's tensors are at a run, by slot. */
export class Slots {
  readonly data: (object | undefined)[];
  /** Some kernels answer a tensor of the engine's instead of plain data; it is freed as one. */
  readonly #tensors = new Map<number, Tensor>();
  readonly #backend: KernelBackend;

  constructor(count: number, backend: KernelBackend) {
    this.data = new Array(count).fill(undefined);
    this.#backend = backend;
  }

  /** Takes over a kernel's result. */
  fill(slot: number, result: TensorInfo): void {
    this.data[slot] = result.dataId;
    if (result instanceof Tensor) this.#tensors.set(slot, keep(result));
  }

  free(slot: number): void {
    const dataId = this.data[slot];
    if (dataId === undefined) return;
    this.data[slot] = undefined;
    const tensor = this.#tensors.get(slot);
    if (!tensor) {
      this.#backend.disposeData(dataId);
      return;
    }
    this.#tensors.delete(slot);
    tensor.dispose();
  }
}

/** One step of a program. */
export interface Instruction {
  /** Slots that it reads. */
  readonly reads: readonly number[];
  /** Slots that it fills. */
  readonly fills: readonly number[];
  run(slots: Slots, backend: KernelBackend): void;
}

interface KernelCallSpec {
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
  readonly #spec: KernelCallSpec;
  /** Given to the kernel each time, with other data: a kernel keeps none of it. */
  readonly #infos: { dataId: object; shape: number[]; dtype: DataType }[];
  readonly #call: Omit<Parameters<KernelFunc>[0], 'backend'>;

  constructor(spec: KernelCallSpec) {
    const { names, operands, attributes, outputs } = spec;
    this.#spec = spec;
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
    const { run, outputs } = this.#spec;
    for (let index = 0; index < this.#infos.length; index++) {
      this.#infos[index]!.dataId = slots.data[this.reads[index]!]!;
    }
    const { inputs, attrs } = this.#call;
    const result = run({ inputs, attrs, backend });
    const results = Array.isArray(result) ? result : [result];
    // It has written variables in place: their assignments find nothing, and have nothing to do.
    if (results.length === 0) return;
    if (results.length !== outputs.length) throw otherResults(outputs.length, results);
    for (let index = 0; index < outputs.length; index++) {
      const { slot, shared } = outputs[index]!;
      if (shared) backend.disposeData(results[index]!.dataId);
      else slots.fill(slot, results[index]!);
    }
  }
}

function otherResults(expected: number, found: readonly TensorInfo[]): Error {
  return new Error(`A kernel answered ${found.length} tensors where it was recorded with ${expected}.`);
}

/**
 * A variable takes the data of a tensor, and is seen with it from there on. Where there is no tensor, the kernel before
 * has given the variable its new values itself.
 */
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
    const dataId = slots.data[slot];
    if (dataId !== undefined) {
      backend.incRef(dataId);
      const fresh = engine().makeTensorFromTensorInfo({ dataId, shape, dtype });
      this.#variable.assign(fresh as never);
      fresh.dispose();
    }
    slots.data[this.#slot] = this.#variable.dataId;
  }
}
