import type { tf } from 'dna-nas/nn';
import {
  fromList,
  KERNEL_PREFIX,
  KERNELS,
  type KernelAttributes,
  type KernelInputs,
  type KernelName,
  type KernelOutputs,
  kernelInputs,
  outputList,
  toList,
} from 'dna-nas/nn/kernels';
import { ATTRIBUTE_TYPES, type NativeAttribute, type NativeTensor, TYPES } from './binding.js';
import type { CudaBackend } from './cuda-backend.js';

/** What an op of TensorFlow takes in: a tensor, or the id of a constant. */
export type Operand = NativeTensor | number;

/** A call of one of our kernels: TensorFlow's ops, and what they have made. */
export class KernelCall {
  readonly #made = new Set<number>();

  constructor(readonly backend: CudaBackend) {}

  /** A tensor as TensorFlow has it. */
  native({ dataId, shape }: tf.TensorInfo): NativeTensor {
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
  finish(results: NativeTensor | NativeTensor[]): tf.TensorInfo | tf.TensorInfo[] {
    const kept = Array.isArray(results) ? results.map((result) => this.#keep(result)) : this.#keep(results);
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
  run(
    backend: CudaBackend,
    inputs: Readonly<Record<string, tf.TensorInfo>>,
    attributes: unknown,
  ): tf.TensorInfo | tf.TensorInfo[];
}

/** Declares a named kernel, with inputs, attributes and outputs as its row of `nn/kernels/table.ts` has them. */
export function cudaKernel<Name extends KernelName>(
  name: Name,
  run: (
    call: KernelCall,
    inputs: KernelInputs<Name, NativeTensor>,
    attributes: KernelAttributes<Name>,
  ) => KernelOutputs<Name, NativeTensor>,
): CudaKernel {
  const contract = KERNELS[name];
  return {
    name: KERNEL_PREFIX + name,
    run(backend, inputs, attributes) {
      const call = new KernelCall(backend);
      try {
        const given = toList(contract.inputs, kernelInputs(name, inputs));
        const natives = fromList(
          contract.inputs,
          given.map((input) => call.native(input)),
        );
        return call.finish(outputList(contract.outputs, run(call, natives as never, attributes as never)));
      } catch (error) {
        call.abandon();
        throw error;
      }
    },
  };
}
