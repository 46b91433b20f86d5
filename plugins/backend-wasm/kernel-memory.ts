import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { tf } from 'dna-nas/nn';
import { instantiateKernels, type KernelExports } from './kernel-module.js';

/** From here on Emscripten's `_malloc` reads a size as negative, or modulo 2^32, and answers with too little. */
const LARGEST_BLOCK_BYTES = 2 ** 31 - 2 ** 16;

/** The part of tfjs's Emscripten module that it does not declare. */
interface EmscriptenModule {
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  readonly asm: { readonly memory: WebAssembly.Memory };
  _malloc(bytes: number): number;
  _free(offset: number): void;
}

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
    this.kernels = instantiateKernels(this.#module.asm.memory);
  }

  /** Byte offset of a tensor's values. */
  offset(tensor: tf.TensorInfo): number {
    return this.#backend.dataIdMap.get(tensor.dataId).memoryOffset >>> 0;
  }

  /** A new float32 tensor, its values not set. Throws where the memory does not suffice. */
  output(shape: readonly number[]): tf.TensorInfo {
    const bytes = 4 * tf.util.sizeFromShape([...shape]);
    this.#requireAllocatable(bytes);
    const output = this.#backend.makeOutput([...shape], 'float32');
    if (bytes > 0 && this.offset(output) === 0) {
      this.#backend.disposeData(output.dataId);
      throw outOfMemory(bytes, this.#module.HEAPU8.length);
    }
    this.#outputs.push(output);
    return output;
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
    this.#requireAllocatable(bytes);
    const offset = this.#module._malloc(bytes) >>> 0;
    if (offset === 0) throw outOfMemory(bytes, this.#module.HEAPU8.length);
    try {
      return use(offset);
    } finally {
      this.#module._free(offset);
    }
  }

  #requireAllocatable(bytes: number): void {
    if (bytes > LARGEST_BLOCK_BYTES) throw outOfMemory(bytes, this.#module.HEAPU8.length);
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

function outOfMemory(bytes: number, memoryBytes: number): Error {
  const used = tf.memory().numBytes;
  return new Error(
    `The wasm backend is out of memory: ${megabytes(bytes)} were wanted while tensors hold ${megabytes(used)} of a ` +
      `memory of ${megabytes(memoryBytes)}, which ends at 4096 MB (2047 MB for one tensor). Use a smaller batch.`,
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 3 : 0)} MB`;
}
