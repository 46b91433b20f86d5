import { KERNEL_PREFIX, type KernelName, type tf } from 'dna-nas/nn';
import { ATTRIBUTE_TYPES, type NativeAttribute, type NativeTensor, TYPES } from './binding.js';
import type { CudaBackend } from './cuda-backend.js';

/** What an op of TensorFlow takes in: a tensor, or the id of a constant. */
export type Operand = NativeTensor | number;

/** A call of one of our kernels: its inputs, and TensorFlow's ops. */
export class KernelCall<Attributes = Readonly<Record<string, unknown>>> {
  readonly #made = new Set<number>();

  constructor(
    readonly backend: CudaBackend,
    readonly inputs: Readonly<Record<string, tf.TensorInfo>>,
    readonly attributes: Attributes,
  ) {}

  /** An input that the kernel's contract promises. */
  input(name: string): NativeTensor {
    const given = this.inputs[name];
    if (given) return this.#native(given);
    throw new Error(
      `The kernel misses its input "${name}"; it was given: ${Object.keys(this.inputs).join(', ')}.`,
    );
  }

  /** All inputs by their order. */
  list(): NativeTensor[] {
    return Object.values(this.inputs).map((given) => this.#native(given));
  }

  #native({ dataId, shape }: tf.TensorInfo): NativeTensor {
    const info = { dataId } as tf.TensorInfo;
    const [id] = this.backend.getInputTensorIds([info]);
    return { id: id!, shape, dtype: this.backend.tensorMap.get(dataId).dtype };
  }

  /** A float32 constant. */
  scalar(value: number): number {
    return this.backend.constants.scalar(value);
  }

  /** A float32 vector of one value. */
  vector(value: number, length: number): number {
    return this.backend.constants.vector(value, length);
  }

  /** A float32 vector of this call alone. */
  floats(values: readonly number[]): NativeTensor {
    const shape = [values.length];
    const id = this.backend.binding.createTensor(shape, TYPES.float32, Float32Array.from(values));
    this.#made.add(id);
    return { id, shape, dtype: TYPES.float32 };
  }

  /** A list of whole numbers: a shape, axes. */
  integers(values: readonly number[]): number {
    return this.backend.constants.integers(values);
  }

  /** The only output of an op of TensorFlow. It lives until the kernel ends, or as a result of it. */
  op(name: string, inputs: readonly Operand[], attributes: readonly NativeAttribute[] = NONE): NativeTensor {
    return this.ops(name, inputs, attributes, 1)[0]!;
  }

  /** All outputs of an op. */
  ops(
    name: string,
    inputs: readonly Operand[],
    attributes: readonly NativeAttribute[],
    outputs: number,
  ): NativeTensor[] {
    const ids = inputs.map((input) => (typeof input === 'number' ? input : input.id));
    const made = this.backend.execute(name, ids, attributes, outputs);
    for (const { id } of made) this.#made.add(id);
    return made;
  }

  /** Frees a tensor that was made and is not needed any more, before the kernel ends. */
  free(tensor: NativeTensor): void {
    if (this.#made.delete(tensor.id)) this.backend.release(tensor.id);
  }

  /** Hands the results over to tfjs and frees everything else. */
  finish(results: readonly NativeTensor[]): tf.TensorInfo[] {
    const kept = results.map((result) => this.#keep(result));
    this.abandon();
    return kept;
  }

  /** A result that is an input, or there already, is a tensor of its own. */
  #keep(result: NativeTensor): tf.TensorInfo {
    if (this.#made.delete(result.id)) return this.backend.adopt(result);
    const [copy] = this.backend.execute('Identity', [result.id], NONE, 1);
    return this.backend.adopt(copy!);
  }

  /** Frees everything that was made. */
  abandon(): void {
    for (const id of this.#made) this.backend.release(id);
    this.#made.clear();
    this.backend.constants.trim();
    this.backend.variables.trim();
  }
}

const NONE: readonly NativeAttribute[] = [];

type AttributeMaker = (name: string, value: unknown) => NativeAttribute;
const maker =
  (type: keyof typeof ATTRIBUTE_TYPES): AttributeMaker =>
  (name, value) => ({ name, type: ATTRIBUTE_TYPES[type], value });

/** Attributes of ops by their type; a list of values is one of the same type. */
export const attribute = {
  string: maker('string'),
  int: maker('int'),
  float: maker('float'),
  bool: maker('bool'),
  type: maker('type'),
};

/** One of our named kernels; `name` is its full name in tfjs's registry. */
export interface CudaKernel {
  readonly name: string;
  /** Whether it answers a list even of one tensor. */
  readonly list: boolean;
  run(call: KernelCall<never>): readonly NativeTensor[];
}

/** Declares a named kernel of one output (`nn/kernels.ts` has the contracts). */
export function cudaKernel<Attributes = Readonly<Record<string, unknown>>>(
  name: KernelName,
  run: (call: KernelCall<Attributes>) => NativeTensor,
): CudaKernel {
  return { name: KERNEL_PREFIX + name, list: false, run: (call) => [run(call as KernelCall<Attributes>)] };
}

/** Declares a named kernel of several outputs. */
export function cudaListKernel<Attributes = Readonly<Record<string, unknown>>>(
  name: KernelName,
  run: (call: KernelCall<Attributes>) => readonly NativeTensor[],
): CudaKernel {
  return { name: KERNEL_PREFIX + name, list: true, run: (call) => run(call as KernelCall<Attributes>) };
}
