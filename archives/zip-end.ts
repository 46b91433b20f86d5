import type { ByteSource } from './byte-source.js';
import { zipInvalid } from './errors.js';

const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const LOCATOR = 0x07064b50;
const LOCATOR_BYTES = 20;
const END64 = 0x06064b50;
const END64_BYTES = 56;
/** What stands in a field whose value is in the 64-bit record. */
const SENTINEL_16 = 0xffff;
const SENTINEL_32 = 0xffffffff;

/** Where the central directory lies. */
export interface ZipEnd {
  readonly count: number;
  readonly offset: number;
  readonly bytes: number;
}

/** A view of bytes of a source. */
export function viewOf(source: ByteSource, offset: number, length: number): DataView {
  const bytes = source.read(offset, length);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A 64-bit field as a number. @throws DnaError `ZIP_INVALID` beyond 2^53 */
export function readUint64(source: ByteSource, view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER))
    throw zipInvalid(source, `a size or offset of ${value} is beyond any file`);
  return Number(value);
}

/** Finds and checks the end of the central directory. @throws DnaError `ZIP_INVALID` */
export function readZipEnd(source: ByteSource): ZipEnd {
  const at = findEnd(source);
  const view = viewOf(source, at, END_BYTES);
  const short = {
    disks: view.getUint32(4, true),
    count: view.getUint16(10, true),
    bytes: view.getUint32(12, true),
    offset: view.getUint32(16, true),
  };
  if (short.disks !== 0 || view.getUint16(8, true) !== short.count) {
    throw zipInvalid(source, 'it is one part of several');
  }
  const long = readEnd64(source, at);
  if (!long) return requireAdjacent(source, short, at);
  const differs =
    (short.count !== SENTINEL_16 && short.count !== long.count) ||
    (short.bytes !== SENTINEL_32 && short.bytes !== long.bytes) ||
    (short.offset !== SENTINEL_32 && short.offset !== long.offset);
  if (differs) throw zipInvalid(source, 'its 32-bit and 64-bit directories differ');
  return requireAdjacent(source, long, long.at);
}

/** From the back, since a comment may follow; two possible ends would be two archives in one file. */
function findEnd(source: ByteSource): number {
  const from = Math.max(0, source.size - END_BYTES - LONGEST_COMMENT);
  const tail = viewOf(source, from, source.size - from);
  const found: number[] = [];
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END) continue;
    if (at + END_BYTES + tail.getUint16(at + 20, true) === tail.byteLength) found.push(from + at);
  }
  if (found.length > 1) throw zipInvalid(source, 'it could end in two places');
  if (found[0] === undefined) {
    throw zipInvalid(source, `its ${source.size} bytes do not end in a directory; it may be cut off`);
  }
  return found[0];
}

function readEnd64(source: ByteSource, end: number): (ZipEnd & { at: number }) | undefined {
  const locatorAt = end - LOCATOR_BYTES;
  if (locatorAt < 0) return undefined;
  const locator = viewOf(source, locatorAt, LOCATOR_BYTES);
  if (locator.getUint32(0, true) !== LOCATOR) return undefined;
  const at = readUint64(source, locator, 8);
  if (locator.getUint32(4, true) !== 0 || locator.getUint32(16, true) !== 1) {
    throw zipInvalid(source, 'it is one part of several');
  }
  if (at + END64_BYTES > locatorAt) throw zipInvalid(source, `its 64-bit directory is said to end at ${at}`);
  const view = viewOf(source, at, END64_BYTES);
  if (view.getUint32(0, true) !== END64 || at + 12 + readUint64(source, view, 4) !== locatorAt) {
    throw zipInvalid(source, `at byte ${at} is no end of a 64-bit directory`);
  }
  const count = readUint64(source, view, 32);
  if (view.getBigUint64(16, true) !== 0n || readUint64(source, view, 24) !== count) {
    throw zipInvalid(source, 'it is one part of several');
  }
  return { at, count, bytes: readUint64(source, view, 40), offset: readUint64(source, view, 48) };
}

function requireAdjacent(source: ByteSource, { count, offset, bytes }: ZipEnd, end: number): ZipEnd {
  if (offset + bytes !== end) {
    throw zipInvalid(
      source,
      `its directory should lie at bytes ${offset} to ${offset + bytes} and ends at ${end}`,
    );
  }
  return { count, offset, bytes };
}
