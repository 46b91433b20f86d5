/** The element types that are read; `F16` and `BF16` arrive as 32-bit floats, exactly. */
export const DTYPE_BYTES = { F32: 4, F16: 2, BF16: 2, F64: 8, I64: 8, I32: 4, U8: 1 } as const;

export type SafetensorsDtype = keyof typeof DTYPE_BYTES;

export type SafetensorsTensor =
  | { readonly dtype: 'F32' | 'F16' | 'BF16'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'F64'; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly dtype: 'I64'; readonly shape: readonly number[]; readonly data: BigInt64Array }
  | { readonly dtype: 'I32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: 'U8'; readonly shape: readonly number[]; readonly data: Uint8Array };

/** A tensor by value: row-major 32-bit floats. */
export interface TensorValue {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface SafetensorsFile {
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order of the data. */
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
}

/** Turns the bytes of one tensor, any alignment, little-endian, into values. */
export function decodeValues(
  dtype: SafetensorsDtype,
  shape: readonly number[],
  bytes: Uint8Array,
): SafetensorsTensor {
  // A copy: typed arrays want aligned memory, and the file's buffer can go. Not `slice`, which on a Buffer copies nothing.
  const { buffer } = new Uint8Array(bytes);
  switch (dtype) {
    case 'F32':
      return { dtype, shape, data: new Float32Array(buffer) };
    case 'F16':
      return { dtype, shape, data: Float32Array.from(new Uint16Array(buffer), halfToFloat) };
    case 'BF16':
      return { dtype, shape, data: widenBfloat(new Uint16Array(buffer)) };
    case 'F64':
      return { dtype, shape, data: new Float64Array(buffer) };
    case 'I64':
      return { dtype, shape, data: new BigInt64Array(buffer) };
    case 'I32':
      return { dtype, shape, data: new Int32Array(buffer) };
    case 'U8':
      return { dtype, shape, data: new Uint8Array(buffer) };
  }
}

/** The value of a half's 16 bits. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Values of bfloat16, each of which is the upper half of a float32. */
export function widenBfloat(halves: Uint16Array): Float32Array {
  const words = Uint32Array.from(halves, (half) => half << 16);
  return new Float32Array(words.buffer);
}
