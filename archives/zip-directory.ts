import type { ByteSource } from './byte-source.js';
import { quoteShort, zipInvalid } from './errors.js';
import { readUint64, readZipEnd, viewOf, type ZipEnd } from './zip-end.js';

const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
/** Of some hundred thousand entries. */
const LARGEST_DIRECTORY = 2 ** 24;
/** Encrypted (three ways), or a patch of another file. */
const REFUSED_FLAGS = 0x2061;
const ZIP64_FIELD = 1;
/** DOS's attribute of folders. */
const FOLDER = 0x10;
const SENTINEL_32 = 0xffffffff;
const METHODS = new Map([
  [0, 'stored'],
  [8, 'deflated'],
] as const);
/** No deflated stream grows more: RFC 1951's longest match takes two bits. */
const LARGEST_GROWTH = 1032;

export type ZipMethod = 'stored' | 'deflated';

/** An entry as the directory has it. */
export interface CentralRecord {
  readonly name: string;
  readonly method: ZipMethod;
  readonly flags: number;
  readonly crc32: number;
  /** Bytes in the archive. */
  readonly compressedSize: number;
  /** Bytes once they are read. */
  readonly size: number;
  /** Of its local header. */
  readonly headerOffset: number;
}

/** All entries by name, and where the directory begins. @throws DnaError `ZIP_INVALID` */
export function readDirectory(source: ByteSource): { records: Map<string, CentralRecord>; offset: number } {
  const end = readZipEnd(source);
  requireSensible(source, end);
  const view = viewOf(source, end.offset, end.bytes);
  const records = new Map<string, CentralRecord>();
  let at = 0;
  for (let index = 0; index < end.count; index++) {
    const { record, next } = readRecord(source, view, at);
    if (records.has(record.name))
      throw zipInvalid(source, `its entry ${quoteShort(record.name)} is there twice`);
    records.set(record.name, record);
    at = next;
  }
  if (at !== end.bytes)
    throw zipInvalid(source, `${end.bytes - at} bytes of its directory belong to no entry`);
  return { records, offset: end.offset };
}

/** Before anything is allocated for what the file claims. */
function requireSensible(source: ByteSource, { count, bytes }: ZipEnd): void {
  if (count * CENTRAL_BYTES > bytes) {
    throw zipInvalid(source, `${count} entries do not fit into its directory of ${bytes} bytes`);
  }
  if (bytes > LARGEST_DIRECTORY) {
    throw zipInvalid(
      source,
      `its directory of ${bytes} bytes is above the limit of ${LARGEST_DIRECTORY} that we set`,
    );
  }
}

function readRecord(source: ByteSource, view: DataView, at: number): { record: CentralRecord; next: number } {
  if (at + CENTRAL_BYTES > view.byteLength || view.getUint32(at, true) !== CENTRAL) {
    throw zipInvalid(source, `at byte ${at} of its directory is no entry`);
  }
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const extraAt = at + CENTRAL_BYTES + nameLength;
  const next = extraAt + extraLength + view.getUint16(at + 32, true);
  if (next > view.byteLength) throw zipInvalid(source, `the entry at byte ${at} of its directory is cut off`);
  const name = decodeName(
    source,
    new Uint8Array(view.buffer, view.byteOffset + at + CENTRAL_BYTES, nameLength),
  );
  const label = quoteShort(name);
  const sizes = widen(source, label, {
    size: view.getUint32(at + 24, true),
    compressedSize: view.getUint32(at + 20, true),
    headerOffset: view.getUint32(at + 42, true),
    extra: new DataView(view.buffer, view.byteOffset + extraAt, extraLength),
  });
  const flags = view.getUint16(at + 8, true);
  const method = methodOf(source, label, { code: view.getUint16(at + 10, true), flags });
  requireSizes(source, label, { ...sizes, method });
  if (view.getUint32(at + 38, true) & FOLDER && sizes.size > 0) {
    throw zipInvalid(source, `its entry ${label} is said to be a folder and has ${sizes.size} bytes`);
  }
  if (view.getUint16(at + 34, true) !== 0) throw zipInvalid(source, `its entry ${label} is in another part`);
  return { record: { name, method, flags, crc32: view.getUint32(at + 16, true), ...sizes }, next };
}

/** Names are UTF-8, said so or plain ASCII; older code pages are not guessed. */
function decodeName(source: ByteSource, bytes: Uint8Array): string {
  try {
    const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (name !== '' && !name.includes('\0')) return name;
  } catch {}
  throw zipInvalid(source, 'the name of an entry is empty, not UTF-8 or holds a zero byte');
}

function methodOf(source: ByteSource, label: string, found: { code: number; flags: number }): ZipMethod {
  if (found.flags & REFUSED_FLAGS) throw zipInvalid(source, `its entry ${label} is encrypted or a patch`);
  const method = METHODS.get(found.code as 0 | 8);
  if (!method) {
    throw zipInvalid(
      source,
      `its entry ${label} is compressed by method ${found.code}; stored (0) and deflated (8) are read`,
    );
  }
  return method;
}

function requireSizes(
  source: ByteSource,
  label: string,
  { size, compressedSize, method }: { size: number; compressedSize: number; method: ZipMethod },
): void {
  if (method === 'stored' && size !== compressedSize) {
    throw zipInvalid(source, `its entry ${label} is stored, and ${compressedSize} bytes are to be ${size}`);
  }
  if (size > (compressedSize + 1) * LARGEST_GROWTH) {
    throw zipInvalid(
      source,
      `its entry ${label} claims ${size} bytes, more than ${compressedSize} deflated bytes can hold`,
    );
  }
}

interface Sizes {
  readonly size: number;
  readonly compressedSize: number;
  readonly headerOffset: number;
}

/** Takes the values that do not fit into 32 bits from the entry's 64-bit field. */
function widen(source: ByteSource, label: string, short: Sizes & { extra: DataView }): Sizes {
  const field = findZip64(source, label, short.extra);
  let at = 0;
  const take = (value: number): number => {
    if (value !== SENTINEL_32) return value;
    if (!field || at + 8 > field.byteLength) {
      throw zipInvalid(source, `its entry ${label} lacks a 64-bit size or offset`);
    }
    at += 8;
    return readUint64(source, field, at - 8);
  };
  // The order of the format.
  const size = take(short.size);
  const compressedSize = take(short.compressedSize);
  return { size, compressedSize, headerOffset: take(short.headerOffset) };
}

function findZip64(source: ByteSource, label: string, extra: DataView): DataView | undefined {
  let found: DataView | undefined;
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const length = extra.getUint16(at + 2, true);
    if (at + 4 + length > extra.byteLength) break;
    if (extra.getUint16(at, true) === ZIP64_FIELD) {
      if (found) throw zipInvalid(source, `its entry ${label} has two 64-bit fields`);
      found = new DataView(extra.buffer, extra.byteOffset + at + 4, length);
    }
    at += 4 + length;
  }
  return found;
}
