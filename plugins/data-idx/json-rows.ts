import { dataCorrupt } from './errors.js';

const OPEN = 0x5b;
const CLOSE = 0x5d;
const COMMA = 0x2c;
const ZERO = 0x30;

export interface JsonRowsOptions {
  /** Numbers that each row must have. */
  readonly columns: number;
  /** For messages: the file, and what to do about it. */
  readonly file: string;
  readonly fix: string;
}

/**
 * Reads `{"data":[[0,12,…],[…],…]}` of bytes without making a number object a pixel, which takes a third of the time
 * and a fifth of the memory of `JSON.parse`. Empty rows are skipped.
 *
 * @param text the file's bytes
 * @throws DnaError `DATA_CORRUPT` for anything else, with the position
 */
export function readJsonRows(text: Uint8Array, { columns, file, fix }: JsonRowsOptions): Uint8Array {
  const values = new Uint8Array(text.length >> 1);
  let filled = 0;
  let at = text.indexOf(OPEN) + 1;
  const fail = (expected: string) => dataCorrupt(file, `byte ${at} is ${describe(text[at])}`, expected, fix);
  if (at === 0) throw fail('a JSON array of arrays');
  while (text[at] === OPEN) {
    at++;
    const start = filled;
    while (text[at] !== CLOSE) {
      let value = 0;
      const first = at;
      for (let digit = text[at]! - ZERO; digit >= 0 && digit <= 9; digit = text[at]! - ZERO) {
        value = 10 * value + digit;
        at++;
      }
      if (at === first || at > first + 3 || value > 255) throw fail('a whole number from 0 to 255');
      values[filled++] = value;
      if (text[at] === COMMA) at++;
      else if (text[at] !== CLOSE) throw fail('a comma or the end of the row');
    }
    at++;
    if (filled - start !== columns && filled !== start)
      throw fail(`a row of ${columns} numbers, not ${filled - start}`);
    if (text[at] === COMMA) at++;
  }
  if (text[at] !== CLOSE) throw fail('the next row or the end of the rows');
  return values.slice(0, filled);
}

function describe(byte: number | undefined): string {
  return byte === undefined ? 'the end of the file' : JSON.stringify(String.fromCharCode(byte));
}
