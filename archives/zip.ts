import { crc32, inflateRawSync } from 'node:zlib';
import type { ByteSource } from './byte-source.js';
import { quoteShort, zipInvalid } from './errors.js';
import { type CentralRecord, readDirectory, type ZipMethod } from './zip-directory.js';
import { viewOf } from './zip-end.js';

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
/** Sizes and CRC stand behind the data, and in the directory. */
const DESCRIPTOR_FOLLOWS = 8;
const SENTINEL_32 = 0xffffffff;

/** A file in a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly method: ZipMethod;
  /** Of its data in the archive. */
  readonly offset: number;
  /** Bytes in the archive. */
  readonly compressedSize: number;
  /** Bytes once they are read. */
  readonly size: number;
  readonly crc32: number;
}

/** An archive whose directory was read and checked; the entries are read when they are asked for. */
export interface ZipArchive {
  /** By name, in the order of the directory. Nothing of a name is ever used as a path. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /**
   * The content of an entry; of a stored one in memory it is a view of the archive.
   * @throws DnaError `ZIP_INVALID` if it is not what the directory says (size, CRC-32)
   */
  read(entry: ZipEntry): Uint8Array;
}

/**
 * Opens a zip archive, 64-bit ones included, with stored and deflated entries. Nothing is extracted. Names that are
 * there twice, entries that overlap or lie outside of the file, sizes that cannot be and headers that contradict the
 * directory are refused before anything is allocated for them.
 * @throws DnaError `ZIP_INVALID`
 */
export function openZip(source: ByteSource): ZipArchive {
  const { records, offset } = readDirectory(source);
  const entries = new Map<string, ZipEntry>();
  for (const [name, record] of records) {
    const { method, compressedSize, size } = record;
    const data = locateData(source, record, offset);
    entries.set(name, { name, method, offset: data, compressedSize, size, crc32: record.crc32 });
  }
  requireApart(source, records, entries);
  return { entries, read: (entry) => readEntry(source, entry) };
}

/** Where an entry's data begins, once its own header has been compared with the directory. */
function locateData(source: ByteSource, record: CentralRecord, end: number): number {
  const label = quoteShort(record.name);
  if (record.headerOffset + LOCAL_BYTES > end) {
    throw zipInvalid(source, `its entry ${label} is said to begin at ${record.headerOffset}, outside of it`);
  }
  const header = viewOf(source, record.headerOffset, LOCAL_BYTES);
  const nameBytes = header.getUint16(26, true);
  const data = record.headerOffset + LOCAL_BYTES + nameBytes + header.getUint16(28, true);
  if (header.getUint32(0, true) !== LOCAL) throw zipInvalid(source, `its entry ${label} has no header`);
  if (data + record.compressedSize > end) {
    throw zipInvalid(
      source,
      `its entry ${label} would end at ${data + record.compressedSize}, beyond byte ${end}`,
    );
  }
  const name = source.read(record.headerOffset + LOCAL_BYTES, nameBytes);
  if (!Buffer.from(record.name).equals(name) || !sameHeader(header, record)) {
    throw zipInvalid(source, `the header of its entry ${label} contradicts the directory`);
  }
  return data;
}

function sameHeader(header: DataView, record: CentralRecord): boolean {
  const flags = header.getUint16(6, true);
  const code = record.method === 'stored' ? 0 : 8;
  if (flags !== record.flags || header.getUint16(8, true) !== code) return false;
  const later = (flags & DESCRIPTOR_FOLLOWS) !== 0;
  const same = (at: number, value: number) => {
    const found = header.getUint32(at, true);
    return found === value || (later && found === 0) || (at !== 14 && found === SENTINEL_32);
  };
  return same(14, record.crc32) && same(18, record.compressedSize) && same(22, record.size);
}

function requireApart(
  source: ByteSource,
  records: ReadonlyMap<string, CentralRecord>,
  entries: ReadonlyMap<string, ZipEntry>,
): void {
  const sorted = [...records.values()].sort((a, b) => a.headerOffset - b.headerOffset);
  let end = 0;
  for (const { name, headerOffset } of sorted) {
    if (headerOffset < end)
      throw zipInvalid(source, `its entry ${quoteShort(name)} overlaps the one before it`);
    const entry = entries.get(name)!;
    end = entry.offset + entry.compressedSize;
  }
}

function readEntry(source: ByteSource, entry: ZipEntry): Uint8Array {
  const raw = source.read(entry.offset, entry.compressedSize);
  const bytes = entry.method === 'stored' ? raw : inflate(source, entry, raw);
  const found = crc32(bytes);
  if (found !== entry.crc32) {
    throw zipInvalid(
      source,
      `its entry ${quoteShort(entry.name)} has the CRC-32 ${hex(found)}, expected ${hex(entry.crc32)}`,
    );
  }
  return bytes;
}

function inflate(source: ByteSource, entry: ZipEntry, raw: Uint8Array): Uint8Array {
  const label = quoteShort(entry.name);
  let result: { buffer: Uint8Array; engine: { bytesWritten: number } };
  try {
    const options = { maxOutputLength: Math.max(1, entry.size), info: true };
    result = inflateRawSync(raw, options) as unknown as typeof result;
  } catch (cause) {
    throw zipInvalid(source, `its entry ${label} cannot be inflated (${(cause as Error).message})`);
  }
  const { buffer, engine } = result;
  if (buffer.length !== entry.size || engine.bytesWritten !== raw.length) {
    throw zipInvalid(source, `its entry ${label} is ${buffer.length} bytes inflated, expected ${entry.size}`);
  }
  return buffer;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
