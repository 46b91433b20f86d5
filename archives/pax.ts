import { quoteShort } from './errors.js';
import { decodeName, TarProblem } from './tar-header.js';

const SPACE = 0x20;
const EQUALS = 0x3d;
const LINE_FEED = 0x0a;

/** What of an extended header counts for reading. */
export interface PaxFields {
  readonly path?: string;
  readonly size?: number;
}

/**
 * Reads the records of a pax header, `<length> <key>=<value>\n` each; `at` is where they begin in the file. Keys that
 * say nothing about name, place and size are passed over, whatever bytes they have.
 * @throws TarProblem
 */
export function parsePax(bytes: Uint8Array, at: number): PaxFields {
  const fields = new Map<string, Uint8Array>();
  for (let begin = 0; begin < bytes.length; ) {
    const length = recordLength(bytes, begin, at);
    const { key, value } = splitRecord(bytes.subarray(begin, begin + length), at + begin);
    if (fields.has(key)) throw new TarProblem(`the pax header at byte ${at} has ${quoteShort(key)} twice`);
    if (key.startsWith('GNU.sparse.')) throw new TarProblem(`the file at byte ${at} is stored as sparse`);
    fields.set(key, value);
    begin += length;
  }
  const path = fields.get('path');
  const size = fields.get('size');
  return {
    ...(path && { path: decodeName(path, at) }),
    ...(size && { size: wholeNumber(Buffer.from(size).toString('latin1'), at) }),
  };
}

function splitRecord(record: Uint8Array, at: number): { key: string; value: Uint8Array } {
  const space = record.indexOf(SPACE);
  const equals = record.indexOf(EQUALS);
  if (equals < space + 2 || record.at(-1) !== LINE_FEED) {
    throw new TarProblem(`the pax record at byte ${at} is not "length key=value"`);
  }
  const key = Buffer.from(record.subarray(space + 1, equals)).toString('latin1');
  return { key, value: record.subarray(equals + 1, -1) };
}

function recordLength(bytes: Uint8Array, begin: number, at: number): number {
  const digits = Buffer.from(bytes.subarray(begin, begin + 12)).toString('latin1');
  const length = Number(/^([1-9][0-9]*) /.exec(digits)?.[1] ?? 0);
  if (length === 0 || begin + length > bytes.length) {
    throw new TarProblem(`the pax record at byte ${at + begin} has no length that fits`);
  }
  return length;
}

function wholeNumber(text: string, at: number): number {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new TarProblem(`the pax header at byte ${at} says the size ${quoteShort(text)}`);
}
