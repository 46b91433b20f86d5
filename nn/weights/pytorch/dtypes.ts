import { halfToFloat, widenBfloat } from 'dna-nas/files';

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
  bfloat16: { bytes: 2, storage: 'BFloat16Storage', decode: (bytes) => widenBfloat(new Uint16Array(bytes)) },
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

const FLOAT_BYTES = 4;

/** All types. */
export const DTYPE_NAMES = Object.keys(DTYPES) as TorchDtype[];

/**
 * Bytes in memory of one value: as it is decoded, where half precision has more than in the file, and as the 32-bit
 * float that it is converted to where it is none yet.
 */
export function bytesInMemory(dtype: TorchDtype): number {
  if (dtype === 'float32' || dtype === 'float16' || dtype === 'bfloat16') return FLOAT_BYTES;
  return DTYPES[dtype].bytes + FLOAT_BYTES;
}

function widenHalf(bytes: ArrayBuffer): Float32Array {
  return Float32Array.from(new Uint16Array(bytes), halfToFloat);
}
