import type { tf } from 'dna-nas/nn';
import type { TorchBackend } from './torch-backend.js';
import type { KernelCall, TorchKernel } from './torch-kernel.js';

/**
 * Lets a kernel that only moves or compares elements take strings: it runs on numbers that stand for them, one for each
 * distinct string and in their order. Those of its results that are int32 are strings again, or of them only the
 * `decoded` ones.
 */
export function stringKernel(kernel: TorchKernel, decoded?: readonly number[]): TorchKernel {
  return {
    ...kernel,
    run: (call) =>
      Object.values(call.inputs).some(isString) ? runOnStrings(kernel, call, decoded) : kernel.run(call),
  };
}

function isString({ dtype }: tf.TensorInfo): boolean {
  return dtype === 'string';
}

function runOnStrings(
  kernel: TorchKernel,
  call: KernelCall,
  decoded?: readonly number[],
): tf.TensorInfo[] | tf.TensorInfo {
  const { backend } = call;
  const dictionary = new Dictionary(Object.values(call.inputs).filter(isString), backend);
  const inputs = mapValues(call.inputs, (input) => (isString(input) ? dictionary.encode(input) : input));
  const encoded = { ...call, inputs, tensor: (name: string) => backend.handle(inputs[name]!) };
  const outputs = backend.run(() => kernel.run(encoded));
  const isDecoded = ({ dtype }: tf.TensorInfo, place: number) =>
    dtype === 'int32' && (decoded?.includes(place) ?? true);
  const results = outputs.map((output, place) =>
    isDecoded(output, place) ? dictionary.decode(output) : output,
  );
  dictionary.dispose();
  return kernel.list ? results : results[0]!;
}

/** Strings by number: the greater string has the greater number. */
class Dictionary {
  readonly #backend: TorchBackend;
  readonly #keys: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #encoded: tf.TensorInfo[] = [];

  constructor(inputs: readonly tf.TensorInfo[], backend: TorchBackend) {
    this.#backend = backend;
    this.#keys = [...new Set(inputs.flatMap((input) => backend.strings(input).map(keyOf)))].sort();
    this.#numbers = new Map(this.#keys.map((key, number) => [key, number]));
  }

  encode(input: tf.TensorInfo): tf.TensorInfo {
    const { shape } = input;
    const numbers = Int32Array.from(
      this.#backend.strings(input),
      (bytes) => this.#numbers.get(keyOf(bytes))!,
    );
    const encoded = { dataId: this.#backend.write(numbers, shape, 'int32'), shape, dtype: 'int32' } as const;
    this.#encoded.push(encoded);
    return encoded;
  }

  /** Takes the numbers' place. */
  decode({ dataId, shape }: tf.TensorInfo): tf.TensorInfo {
    const numbers = Array.from(this.#backend.readSync(dataId) as Int32Array);
    this.#backend.disposeData(dataId);
    return this.#backend.makeStrings(
      numbers.map((number) => bytesOf(this.#keys[number]!)),
      shape,
    );
  }

  dispose(): void {
    for (const { dataId } of this.#encoded) this.#backend.disposeData(dataId);
  }
}

/** One character a byte, so that the order is that of the bytes, which in UTF-8 is that of the characters. */
function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function bytesOf(key: string): Uint8Array {
  return Uint8Array.from(Buffer.from(key, 'latin1'));
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
