import { DnaError } from 'dna-nas/errors';
import { DTYPE_BYTES, type SafetensorsDtype } from './safetensors-types.js';
import { parseStrictJson, type StrictJson } from './strict-json.js';

/** Bytes that state the header's length, before the header. */
export const LENGTH_BYTES = 8;
/** Of a hundred thousand tensors. The format allows 100 MB, which would take gigabytes once it is read. */
export const MAXIMUM_HEADER_BYTES = 2 ** 23;
const LONGEST_QUOTE = 120;

export interface HeaderTensor {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** From the beginning of the data, in bytes. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order of their data. */
  readonly tensors: readonly HeaderTensor[];
  /** Where the data begins in the file. */
  readonly dataOffset: number;
}

/** Every refusal says that the file is at fault and what to do about it. */
export function refuse(problem: string): never {
  throw new DnaError(
    'SAFETENSORS_INVALID',
    `Not a valid safetensors file: ${problem}.`,
    'Download or export it again.',
  );
}

/** Reads and checks everything before the data, and that the data is covered exactly once. */
export function readHeader(bytes: Uint8Array): Header {
  const length = headerLength(bytes);
  const dataOffset = LENGTH_BYTES + length;
  const metadata = new Map<string, string>();
  const tensors: HeaderTensor[] = [];
  for (const [name, value] of parseHeader(bytes.subarray(LENGTH_BYTES, dataOffset))) {
    if (name === '__metadata__') readMetadata(value, metadata);
    else tensors.push(readTensor(name, value));
  }
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  requireCoverage(tensors, bytes.length - dataOffset);
  return { metadata, tensors, dataOffset };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < LENGTH_BYTES) refuse(`${bytes.length} bytes are too few for a header`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(MAXIMUM_HEADER_BYTES)) {
    refuse(`its header claims ${length} bytes, above the limit of ${MAXIMUM_HEADER_BYTES}`);
  }
  if (length > BigInt(bytes.length - LENGTH_BYTES)) {
    refuse(`its header claims ${length} bytes and only ${bytes.length - LENGTH_BYTES} follow`);
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array): Map<string, StrictJson> {
  if (bytes[0] !== 0x7b) refuse('its header does not begin with "{"');
  let header: StrictJson;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = parseStrictJson(text, { wholeNumbers: true });
  } catch (error) {
    refuse(`its header is not acceptable JSON (${(error as Error).message})`);
  }
  return header as Map<string, StrictJson>;
}

function readMetadata(value: StrictJson, metadata: Map<string, string>): void {
  if (!(value instanceof Map)) refuse('"__metadata__" is not an object');
  for (const [key, text] of value) {
    if (typeof text !== 'string') refuse(`metadata ${quote(key)} is not a string`);
    metadata.set(key, text);
  }
}

function readTensor(name: string, value: StrictJson): HeaderTensor {
  const label = `tensor ${quote(name)}`;
  if (!(value instanceof Map)) refuse(`${label} is not an object`);
  for (const key of value.keys()) {
    if (key !== 'dtype' && key !== 'shape' && key !== 'data_offsets') {
      refuse(`${label} has an unknown property ${quote(key)}`);
    }
  }
  const dtype = value.get('dtype');
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    refuse(`${label} has the dtype ${quote(dtype)}; known are ${Object.keys(DTYPE_BYTES).join(', ')}`);
  }
  const shape = readIntegers(value.get('shape'), `the shape of ${label}`);
  const [begin, end, ...rest] = readIntegers(value.get('data_offsets'), `the data_offsets of ${label}`);
  if (begin === undefined || end === undefined || rest.length > 0)
    refuse(`the data_offsets of ${label} are not two`);
  requireSize(label, { bytes: end - begin, shape, width: DTYPE_BYTES[dtype as SafetensorsDtype] });
  return { name, dtype: dtype as SafetensorsDtype, shape, begin, end };
}

function readIntegers(value: StrictJson | undefined, label: string): number[] {
  if (!Array.isArray(value)) refuse(`${label} is not an array`);
  for (const item of value) {
    if (typeof item !== 'number' || !Number.isInteger(item) || item < 0) {
      refuse(`${label} holds ${quote(item)}, expected whole numbers of 0 or more`);
    }
  }
  return value as number[];
}

function requireSize(label: string, size: { bytes: number; shape: readonly number[]; width: number }): void {
  let elements = 1;
  for (const extent of size.shape) {
    elements *= extent;
    // At each step: a later extent of 0 would hide what no integer can count.
    if (!Number.isSafeInteger(elements)) refuse(`${label} is larger than any file`);
  }
  const expected = elements * size.width;
  if (size.bytes !== expected) {
    refuse(`${label} occupies ${size.bytes} bytes where its shape ${quote(size.shape)} needs ${expected}`);
  }
}

/** JSON text for a message, cut where a hostile file has made it long. */
function quote(value: unknown): string {
  const text = String(JSON.stringify(value, (_, item) => (item instanceof Map ? '{…}' : item)));
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}

function requireCoverage(tensors: readonly HeaderTensor[], dataBytes: number): void {
  let covered = 0;
  for (const { name, begin, end } of tensors) {
    const label = `tensor ${quote(name)}`;
    if (begin > covered) refuse(`${begin - covered} bytes before ${label} belong to no tensor`);
    if (begin < covered) refuse(`${label} overlaps the one before it`);
    covered = end;
  }
  if (covered > dataBytes) refuse(`its tensors need ${covered} bytes of data and it holds ${dataBytes}`);
  if (covered < dataBytes) refuse(`${dataBytes - covered} bytes at its end belong to no tensor`);
}
