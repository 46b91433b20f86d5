import { DnaError } from 'dna-nas/errors';
import { LENGTH_BYTES, MAXIMUM_HEADER_BYTES, readHeader } from './safetensors-header.js';
import {
  decodeValues,
  type SafetensorsFile,
  type SafetensorsTensor,
  type TensorValue,
} from './safetensors-types.js';

const HEADER_ALIGNMENT = 8;
/** Half of a pair, which UTF-8 cannot say. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Reads a whole safetensors file. The header is held to more than the format asks: duplicate keys, `__proto__`,
 * integers above 2^53, unknown dtypes and properties, wrong sizes, holes and overlaps are refused.
 * @throws DnaError `SAFETENSORS_INVALID` that says what is wrong with the file.
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { metadata, tensors, dataOffset } = readHeader(bytes);
  const values = new Map<string, SafetensorsTensor>();
  for (const { name, dtype, shape, begin, end } of tensors) {
    values.set(name, decodeValues(dtype, shape, bytes.subarray(dataOffset + begin, dataOffset + end)));
  }
  return { metadata, tensors: values };
}

/** The tensors of a file as 32-bit floats, whatever their dtype; integers beyond 2^24 and doubles are rounded. */
export function toStateDict(file: SafetensorsFile): Map<string, TensorValue> {
  const dict = new Map<string, TensorValue>();
  for (const [name, { shape, data }] of file.tensors) dict.set(name, { shape, data: toFloats(data) });
  return dict;
}

function toFloats(data: SafetensorsTensor['data']): Float32Array {
  if (data instanceof Float32Array) return data;
  return data instanceof BigInt64Array ? Float32Array.from(data, Number) : Float32Array.from(data);
}

/**
 * Writes 32-bit floats. Equal content gives equal bytes: tensors and metadata stand in the order of their names (by
 * code unit), and spaces bring the data to a multiple of eight bytes.
 * @throws DnaError `SAFETENSORS_UNWRITABLE` if an entry's values do not fill its shape, or a name cannot stand in the format.
 */
export function writeSafetensors(
  dict: ReadonlyMap<string, TensorValue>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const names = [...dict.keys()].sort(byCodeUnit);
  const header = encodeHeader(names, dict, metadata);
  const dataBytes = names.reduce((total, name) => total + dict.get(name)!.data.byteLength, 0);
  const bytes = new Uint8Array(LENGTH_BYTES + header.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, LENGTH_BYTES);
  let offset = LENGTH_BYTES + header.length;
  for (const name of names) {
    const { data } = dict.get(name)!;
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

function encodeHeader(
  names: readonly string[],
  dict: ReadonlyMap<string, TensorValue>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const fields: string[] = [];
  const notes = Object.entries(metadata).sort(([a], [b]) => byCodeUnit(a, b));
  if (notes.length > 0) fields.push(`"__metadata__":{${notes.map(encodeNote).join()}}`);
  let begin = 0;
  for (const name of names) {
    const { shape, data } = dict.get(name)!;
    requireWritable(name, shape, data.length);
    const end = begin + data.byteLength;
    const value = JSON.stringify({ dtype: 'F32', shape, data_offsets: [begin, end] });
    fields.push(`${JSON.stringify(name)}:${value}`);
    begin = end;
  }
  const unpadded = new TextEncoder().encode(`{${fields.join()}}`);
  const header = new Uint8Array(Math.ceil(unpadded.length / HEADER_ALIGNMENT) * HEADER_ALIGNMENT).fill(0x20);
  if (header.length > MAXIMUM_HEADER_BYTES) {
    unwritable(
      `A safetensors header of ${header.length} bytes is above the limit of ${MAXIMUM_HEADER_BYTES}.`,
    );
  }
  header.set(unpadded);
  return header;
}

function encodeNote([key, text]: [string, string]): string {
  if (LONE_SURROGATE.test(key + text))
    unwritable('Safetensors metadata cannot hold half of a surrogate pair.');
  if (key === '__proto__') unwritable('Safetensors metadata cannot have the key "__proto__".');
  return `${JSON.stringify(key)}:${JSON.stringify(text)}`;
}

function requireWritable(name: string, shape: readonly number[], length: number): void {
  if (name === '__metadata__' || name === '__proto__' || LONE_SURROGATE.test(name)) {
    unwritable(`A safetensors file cannot hold a tensor named ${JSON.stringify(name)}.`);
  }
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (size !== length || !shape.every((extent) => Number.isInteger(extent) && extent >= 0)) {
    unwritable(`Tensor "${name}" holds ${length} values; its shape [${shape.join(', ')}] needs ${size}.`);
  }
}

function unwritable(problem: string): never {
  throw new DnaError(
    'SAFETENSORS_UNWRITABLE',
    problem,
    'Correct the tensors or names that are to be written.',
  );
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
