import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { tf } from 'dna-nas/nn';
import { type EmscriptenModule, guardAllocation } from './guard-allocation.js';
import type { KernelExports } from './kernel-exports.js';
import { instantiateKernels } from './kernel-module.js';

/**
 * tfjs's memory as our kernels see it. Every view is made anew at each use and every offset is unsigned: the memory
 * grows up to 4 GiB, and older views then silently have length 0.
 */
export class KernelMemory {
  readonly kernels: KernelExports;
  readonly #backend: BackendWasm;
  readonly #module: EmscriptenModule;
  #outputs: tf.TensorInfo[] = [];

  constructor(backend: BackendWasm) {
    this.#backend = backend;
    this.#module = backend.wasm as unknown as EmscriptenModule;
    guardAllocation(this.#module);
    this.kernels = instantiateKernels(this.#module.asm.memory);
  }

  /** Byte offset of a tensor's values. */
  offset(tensor: tf.TensorInfo): number {
    return this.#backend.dataIdMap.get(tensor.dataId).memoryOffset >>> 0;
  }

  /** A new float32 tensor, its values not set. Throws where the memory does not suffice. */
  output(shape: readonly number[]): tf.TensorInfo {
    const output = this.#backend.makeOutput([...shape], 'float32');
    this.#outputs.push(output);
    return output;
  }

  /** The same values under another handle: the memory is freed with the last of them. */
  share({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
    this.#backend.incRef(dataId);
    return { dataId, shape, dtype };
  }

  /** Runs a kernel; where it throws, the outputs that it had made are freed again. */
  run<Result>(kernel: () => Result): Result {
    this.#outputs = [];
    try {
      return kernel();
    } catch (error) {
      for (const output of this.#outputs) this.#backend.disposeData(output.dataId);
      throw error;
    } finally {
      this.#outputs = [];
    }
  }

  /** Lends `bytes` of memory, not cleared, to a function. */
  scratch<Result>(bytes: number, use: (offset: number) => Result): Result {
    const offset = this.#module._malloc(bytes) >>> 0;
    try {
      return use(offset);
    } finally {
      this.#module._free(offset);
    }
  }

  /** The floats at an offset; not to be kept over an allocation. */
  floats(offset: number, length: number): Float32Array {
    return new Float32Array(this.#module.HEAPU8.buffer, offset, length);
  }

  /** The 32-bit integers at an offset; not to be kept over an allocation. */
  integers(offset: number, length: number): Int32Array {
    return new Int32Array(this.#module.HEAPU8.buffer, offset, length);
  }

  clear(offset: number, bytes: number): void {
    this.#module.HEAPU8.fill(0, offset, offset + bytes);
  }
}
