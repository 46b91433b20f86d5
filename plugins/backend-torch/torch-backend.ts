import type { MemoryShortage } from 'dna-nas/core/contracts';
import { tf } from 'dna-nas/nn';
import type { Native } from './binding.js';
import { notDeterministic, outOfMemory, typeNotOffered } from './errors.js';
import { type Handle, TYPE_CODES, TYPE_NAMES } from './native-ops.js';
import type { KernelResult } from './torch-kernel.js';

/**
 * What tfjs calls a tensor's data: its numbers live in the addon under a handle. It is its own id, since to look it up
 * under another object would take as long as a small op.
 */
class TensorData {
  refCount = 1;

  constructor(
    readonly dtype: tf.DataType,
    public handle: Handle,
  ) {}
}

/** Integers for a call's results; an optimiser's step on 2,000 tensors needs 30,000. */
const RESULT_INTEGERS = 1 << 18;

/** With what a backend was started. */
export interface BackendSettings {
  readonly device: string;
  readonly precision: string;
  readonly deterministic: boolean;
}

/** tfjs's backend over libtorch. Kernels are in `kernels/`; here is what holds, moves and frees tensors. */
export class TorchBackend extends tf.KernelBackend {
  readonly native: Native;
  readonly #results = new Int32Array(RESULT_INTEGERS);
  /** Of tensors that were made by another backend, under its ids. */
  readonly #moved: tf.DataStorage<TensorData>;
  #count = 0;
  /** Scalars by type, shape and value: a number in an op becomes a tensor each time, on a GPU a copy. */
  readonly #constants = new Map<string, Handle>();

  constructor(
    native: Native,
    readonly settings: BackendSettings,
  ) {
    super();
    this.native = native;
    native.setResults(this.#results);
    this.#moved = new tf.DataStorage(this, tf.engine());
  }

  /** The handle of a tensor's numbers. */
  handle({ dataId }: tf.TensorInfo): Handle {
    return this.#find(dataId).handle;
  }

  /** The handles of a kernel's inputs, in their order. */
  handles(inputs: Readonly<Record<string, tf.TensorInfo>>): Handle[] {
    return Object.values(inputs).map((input) => this.handle(input));
  }

  /** Runs a kernel: its results are those that it answers, else the tensors that the addon has told. */
  run(kernel: () => KernelResult): tf.TensorInfo[] {
    const answered = this.#call(kernel);
    if (answered) return Array.isArray(answered) ? answered : [answered];
    const results = this.#results;
    const outputs: tf.TensorInfo[] = [];
    let at = 1;
    for (let left = results[0]!; left > 0; left--) {
      const dtype = TYPE_NAMES[results[at + 1]!]!;
      const end = at + 3 + results[at + 2]!;
      const shape: number[] = [];
      for (let axis = at + 3; axis < end; axis++) shape.push(results[axis]!);
      outputs.push({ dataId: this.#keep(new TensorData(dtype, results[at] as Handle)), shape, dtype });
      at = end;
    }
    return outputs;
  }

  /** Whether each of these tensors is the only one with its data, so that it may be given other values. */
  unshared(targets: readonly tf.TensorInfo[]): boolean {
    return targets.every(({ dataId }) => this.#find(dataId).refCount === 1);
  }

  /**
   * Gives unshared tensors the values that the addon has just told, one after the other and of the same shapes; none
   * where it has written them itself.
   */
  replace(targets: readonly tf.TensorInfo[]): void {
    const results = this.#results;
    if (results[0] === 0) return;
    if (results[0] !== targets.length) {
      throw new Error(`${targets.length} tensors were to take the values of ${results[0]}.`);
    }
    let at = 1;
    for (const { dataId } of targets) {
      const data = this.#find(dataId);
      this.native.release(data.handle);
      data.handle = results[at] as Handle;
      at += 3 + results[at + 2]!;
    }
  }

  /** The same values under one more reference. */
  share({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
    this.incRef(dataId);
    return { dataId, shape, dtype };
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    return this.#keep(this.#upload(values, shape, dtype));
  }

  override move(
    dataId: object,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    const data = this.#upload(values, shape, dtype);
    data.refCount = refCount;
    this.#moved.set(dataId, data);
  }

  override readSync(dataId: object): tf.BackendValues {
    const { dtype, handle } = this.#find(dataId);
    return numbersOf(this.native.read(handle), dtype);
  }

  override async read(dataId: object): Promise<tf.BackendValues> {
    const { dtype, handle } = this.#find(dataId);
    return numbersOf(await this.native.readLater(handle), dtype);
  }

  override refCount(dataId: object): number {
    return this.#held(dataId)?.refCount ?? 0;
  }

  override incRef(dataId: object): void {
    this.#find(dataId).refCount += 1;
  }

  override disposeData(dataId: object, force = false): boolean {
    const data = this.#held(dataId);
    if (!data) return true;
    data.refCount = force ? 0 : data.refCount - 1;
    if (data.refCount > 0) return false;
    if (data === dataId) this.#count -= 1;
    else this.#moved.delete(dataId);
    this.native.release(data.handle);
    return true;
  }

  override numDataIds(): number {
    return this.#count + this.#moved.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false, ...this.native.memory() };
  }

  override timerAvailable(): boolean {
    return true;
  }

  override async time(run: () => void): Promise<tf.BackendTimingInfo> {
    const began = performance.now();
    run();
    return { kernelMs: performance.now() - began };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    for (const handle of this.#constants.values()) this.native.release(handle);
    this.#constants.clear();
  }

  #keep(data: TensorData): object {
    this.#count += 1;
    return data;
  }

  /** The data of a tensor, which moves here if another backend holds it. */
  #find(dataId: object): TensorData {
    return isLive(dataId) ? dataId : this.#moved.get(dataId);
  }

  #held(dataId: object): TensorData | undefined {
    if (isLive(dataId)) return dataId;
    return this.#moved.has(dataId) ? this.#moved.get(dataId) : undefined;
  }

  #upload(values: tf.BackendValues, shape: number[], dtype: tf.DataType): TensorData {
    if (dtype === 'complex64' || dtype === 'string') throw typeNotOffered(dtype);
    const typed = typedValues(values, dtype);
    if (typed.length === 1) return new TensorData(dtype, this.#constant(typed, shape, dtype));
    return new TensorData(dtype, this.#uploadNumbers(typed, shape, dtype));
  }

  #constant(values: NumberArray, shape: number[], dtype: NumberType): Handle {
    const key = `${dtype}:${shape.length}:${Object.is(values[0], -0) ? '-0' : values[0]}`;
    let handle = this.#constants.get(key);
    if (handle === undefined) {
      if (this.#constants.size >= MOST_CONSTANTS) this.dispose();
      handle = this.#uploadNumbers(values, shape, dtype);
      this.#constants.set(key, handle);
    }
    const constant = handle;
    this.#call(() => this.native.alias(constant));
    return this.#results[1] as Handle;
  }

  #uploadNumbers(values: NumberArray, shape: number[], dtype: NumberType): Handle {
    this.#call(() => this.native.upload(values, TYPE_CODES[dtype], shape));
    return this.#results[1] as Handle;
  }

  #call<Result>(call: () => Result): Result {
    try {
      return call();
    } catch (error) {
      if (isOutOfMemory(error)) throw outOfMemory(error);
      throw isNotDeterministic(error) ? notDeterministic(error.message) : error;
    }
  }
}

/** Whether it is a tensor's data that has not been freed, or moved away. */
function isLive(dataId: object): dataId is TensorData {
  return dataId instanceof TensorData && dataId.refCount > 0;
}

type NumberType = keyof typeof TYPE_CODES;
type NumberArray = Float32Array | Int32Array | Uint8Array;

const MOST_CONSTANTS = 1024;

function typedValues(values: tf.BackendValues, dtype: NumberType): NumberArray {
  const numbers = values as ArrayLike<number>;
  if (dtype === 'float32') return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
  if (dtype === 'int32') return numbers instanceof Int32Array ? numbers : Int32Array.from(numbers);
  return numbers instanceof Uint8Array ? numbers : Uint8Array.from(numbers);
}

function numbersOf(bytes: ArrayBuffer, dtype: tf.DataType): NumberArray {
  if (dtype === 'float32') return new Float32Array(bytes);
  return dtype === 'int32' ? new Int32Array(bytes) : new Uint8Array(bytes);
}

function isNotDeterministic(error: unknown): error is Error {
  return (error as { code?: unknown }).code === 'NOT_DETERMINISTIC';
}

function isOutOfMemory(error: unknown): error is MemoryShortage {
  return (error as { code?: unknown }).code === 'OUT_OF_MEMORY' && 'wanted' in (error as object);
}
