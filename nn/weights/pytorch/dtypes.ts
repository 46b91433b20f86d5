/** Element types by PyTorch's names: their bytes, the name of their storages and how their bytes become values. */
interface Dtype {
  readonly bytes: number;
  /** `torch.FloatStorage`; types without one lie in untyped storages. */
  readonly storage?: string;
  /** From bytes of its own, little-endian. */
  readonly decode: (bytes: ArrayBuffer) => TorchValues;
}

/** Half precision arrives as 32-bit floats, exactly; booleans as 0 and 1. */
export type TorchValues =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

export const DTYPES = {
  float32: { bytes: 4, storage: 'FloatStorage', decode: (bytes) => new Float32Array(bytes) },
  float64: { bytes: 8, storage: 'DoubleStorage', decode: (bytes) => new Float64Array(bytes) },
  float16: { bytes: 2, storage: 'HalfStorage', decode: widenHalf },
  bfloat16: { bytes: 2, storage: 'BFloat16Storage', decode: widenBfloat },
  int64: { bytes: 8, storage: 'LongStorage', decode: (bytes) => new BigInt64Array(bytes) },
  int32: { bytes: 4, storage: 'IntStorage', decode: (bytes) => new Int32Array(bytes) },
  int16: { bytes: 2, storage: 'ShortStorage', decode: (bytes) => new Int16Array(bytes) },
  int8: { bytes: 1, storage: 'CharStorage', decode: (bytes) => new Int8Array(bytes) },
  uint8: { bytes: 1, storage: 'ByteStorage', decode: (bytes) => new Uint8Array(bytes) },
  bool: { bytes: 1, storage: 'BoolStorage', decode: (bytes) => new Uint8Array(bytes).map(Math.sign) },
  uint16: { bytes: 2, decode: (bytes) => new Uint16Array(bytes) },
  uint32: { bytes: 4, decode: (bytes) => new Uint32Array(bytes) },
  uint64: { bytes: 8, decode: (bytes) => new BigUint64Array(bytes) },
} as const satisfies Readonly<Record<string, Dtype>>;

export type TorchDtype = keyof typeof DTYPES;

/** All types. */
export const DTYPE_NAMES = Object.keys(DTYPES) as TorchDtype[];

/** Bytes in memory of one decoded value, of which half precision has more than in the file. */
export function decodedBytes(dtype: TorchDtype): number {
  return dtype === 'float16' || dtype === 'bfloat16' ? 4 : DTYPES[dtype].bytes;
}

function widenHalf(bytes: ArrayBuffer): Float32Array {
  return Float32Array.from(new Uint16Array(bytes), halfToFloat);
}

function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A bfloat16 is the upper half of a float32. */
function widenBfloat(bytes: ArrayBuffer): Float32Array {
  const words = Uint32Array.from(new Uint16Array(bytes), (half) => half << 16);
  return new Float32Array(words.buffer);
}
