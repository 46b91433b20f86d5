import { quoteShort } from './errors.js';

export const BLOCK_BYTES = 512;

const CHECKSUM_AT = 148;
const CHECKSUM_BYTES = 8;
const SIZE_AT = 124;
const SIZE_BYTES = 12;
const MAGIC_AT = 257;
const PREFIX_AT = 345;

/** One header block. */
export interface TarHeader {
  /** As it stands there; long names come in entries of their own. */
  readonly name: string;
  /** The type's character; `0` for a file whoever wrote it. */
  readonly type: string;
  readonly size: number;
}

/** Says what is wrong, for an error that names the file. */
export class TarProblem extends Error {}

/** Reads a header block that is not empty. @throws TarProblem */
export function parseTarHeader(block: Uint8Array, at: number): TarHeader {
  requireChecksum(block, at);
  const magic = Buffer.from(block.subarray(MAGIC_AT, MAGIC_AT + 6)).toString('latin1');
  if (magic !== 'ustar\0' && magic !== 'ustar ' && magic !== '\0\0\0\0\0\0') {
    throw new TarProblem(`the header at byte ${at} is of an unknown format (${quoteShort(magic)})`);
  }
  // GNU's own format has other fields where ustar has the beginning of long names.
  const prefix = magic === 'ustar\0' ? decodeText(block.subarray(PREFIX_AT, PREFIX_AT + 155), at) : '';
  const name = decodeText(block.subarray(0, 100), at);
  const type = String.fromCharCode(block[156]!);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    type: type === '\0' || type === '7' ? '0' : type,
    size: parseSize(block.subarray(SIZE_AT, SIZE_AT + SIZE_BYTES), at),
  };
}

/** Whether a block is empty: two of them end an archive. */
export function isEmptyBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** A name up to the first zero byte. @throws TarProblem */
export function decodeText(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0);
  return decodeName(end < 0 ? bytes : bytes.subarray(0, end), at);
}

/** A name in UTF-8. @throws TarProblem */
export function decodeName(bytes: Uint8Array, at: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new TarProblem(`a name at byte ${at} is not UTF-8`);
  }
}

function requireChecksum(block: Uint8Array, at: number): void {
  const stated = parseOctal(block.subarray(CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES));
  let sum = 0;
  let signedSum = 0;
  for (let index = 0; index < BLOCK_BYTES; index++) {
    const inside = index >= CHECKSUM_AT && index < CHECKSUM_AT + CHECKSUM_BYTES;
    const byte = inside ? 0x20 : block[index]!;
    sum += byte;
    // Some old writers took bytes as signed.
    signedSum += byte > 127 ? byte - 256 : byte;
  }
  if (stated === undefined || (stated !== sum && stated !== signedSum)) {
    throw new TarProblem(`at byte ${at} is no header: its checksum is ${sum}, and it says ${stated}`);
  }
}

function parseSize(field: Uint8Array, at: number): number {
  const size = field[0]! & 0x80 ? parseBinary(field) : parseOctal(field);
  if (size === undefined) throw new TarProblem(`the size in the header at byte ${at} is no number`);
  return size;
}

/** Undefined where it is none. */
function parseOctal(field: Uint8Array): number | undefined {
  const [, digits] = /^ *([0-7]+)[ \0]*$/.exec(Buffer.from(field).toString('latin1')) ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

/** GNU's way to say sizes from 8 GiB on: a bit, then the number; undefined where it is negative or beyond 2^53. */
function parseBinary(field: Uint8Array): number | undefined {
  if (field[0] !== 0x80) return undefined;
  let value = 0;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  return Number.isSafeInteger(value) ? value : undefined;
}
