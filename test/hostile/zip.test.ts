import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, FileSource, openZip } from 'dna-nas/archives';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { expectedOf, goldenFiles, sha256 } from './golden.js';
import { type MadeEntry, makeZip } from './make-zip.js';
import { edited, verdictOf } from './verdict.js';

const TEXT = new TextEncoder().encode('some text, some text, some text');
const ENTRY: MadeEntry = { name: 'a', data: TEXT };
const SOUND = makeZip([
  ENTRY,
  { name: 'b', data: TEXT, deflated: true },
  { name: 'c', data: new Uint8Array() },
]);

function readAll(bytes: Uint8Array): Map<string, Uint8Array> {
  const archive = openZip(bytesSource(bytes));
  return new Map([...archive.entries].map(([name, entry]) => [name, archive.read(entry)]));
}

const judge = (bytes: Uint8Array) => verdictOf(['ZIP_INVALID'], () => readAll(bytes));

/** Of a field with 64-bit values, as the directory has it. */
function wide(...values: bigint[]): Uint8Array {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) field.writeBigUInt64LE(value, 4 + 8 * index);
  return field;
}

describe('archives that Python wrote', () => {
  const expected = Object.entries(expectedOf<Record<string, string>>('zip'));

  test.each([...goldenFiles('zip')])('%s', (_, bytes) => {
    expect([...readAll(bytes)].map(([name, data]) => [name, sha256(data)])).toEqual(expected);
  });
});

test('a stored entry in memory is not copied', () => {
  const archive = openZip(bytesSource(SOUND));
  expect(archive.read(archive.entries.get('a')!).buffer).toBe(SOUND.buffer);
});

test('an archive without entries is empty', () => {
  expect(readAll(makeZip([]))).toEqual(new Map());
});

test('sizes of 64 bits are read', () => {
  const extra = wide(BigInt(TEXT.length), BigInt(TEXT.length), 0n);
  const all = 0xffffffff;
  const bytes = makeZip([{ ...ENTRY, extra, central: { size: all, compressed: all, offset: all } }]);
  expect(readAll(bytes).get('a')).toEqual(TEXT);
});

test.each<[string, Uint8Array, RegExp]>([
  ['an empty file', new Uint8Array(), /cut off/],
  ['a name twice', makeZip([ENTRY, ENTRY]), /"a" is there twice/],
  ['no name', makeZip([{ ...ENTRY, name: '' }]), /name of an entry/],
  ['a zero byte in a name', makeZip([{ ...ENTRY, name: 'a\0b' }]), /name of an entry/],
  ['an encrypted entry', makeZip([{ ...ENTRY, central: { flags: 1 }, local: { flags: 1 } }]), /encrypted/],
  [
    'another compression',
    makeZip([{ ...ENTRY, central: { method: 14 }, local: { method: 14 } }]),
    /method 14/,
  ],
  // PyTorch takes its values from memory that nobody wrote.
  ['a folder with content', makeZip([{ ...ENTRY, central: { attributes: 16 } }]), /said to be a folder/],
  ['an entry elsewhere', makeZip([{ ...ENTRY, central: { disk: 1 } }]), /another part/],
  ['an entry beyond the file', makeZip([{ ...ENTRY, central: { offset: 5000 } }]), /outside of it/],
  [
    'an entry that ends beyond the file',
    makeZip([
      { ...ENTRY, central: { size: 5000, compressed: 5000 }, local: { size: 5000, compressed: 5000 } },
    ]),
    /beyond byte/,
  ],
  [
    'an entry of four gigabytes',
    makeZip([{ ...ENTRY, central: { size: 0xfffffffe, compressed: 0xfffffffe } }]),
    /beyond byte/,
  ],
  [
    'an entry of petabytes',
    makeZip([
      { ...ENTRY, extra: wide(2n ** 50n, 2n ** 50n), central: { size: 0xffffffff, compressed: 0xffffffff } },
    ]),
    /beyond byte/,
  ],
  [
    'a size that no integer can hold',
    makeZip([
      { ...ENTRY, extra: wide(2n ** 63n, 2n ** 63n), central: { size: 0xffffffff, compressed: 0xffffffff } },
    ]),
    /beyond any file/,
  ],
  ['a wide size that is missing', makeZip([{ ...ENTRY, central: { size: 0xffffffff } }]), /lacks a 64-bit/],
  [
    'two entries in one place',
    makeZip([ENTRY, { name: 'a', data: TEXT }, { ...ENTRY, name: 'b', central: { offset: 0 } }].slice(1)),
    /contradicts|overlaps/,
  ],
  ['a header of another name', edited(SOUND, [[30, 0x7a]]), /contradicts the directory/],
  ['a header of another size', makeZip([{ ...ENTRY, local: { size: 3 } }]), /contradicts the directory/],
  ['a header that is none', makeZip([{ ...ENTRY, local: { magic: 0 } }]), /has no header/],
  ['a wrong CRC', makeZip([{ ...ENTRY, central: { crc: 1 }, local: { crc: 1 } }]), /CRC-32/],
  ['changed content', edited(SOUND, [[31, 0x21]]), /CRC-32/],
  [
    'stored bytes of two sizes',
    makeZip([{ ...ENTRY, central: { size: 5 }, local: { size: 5 } }]),
    /are to be 5/,
  ],
  [
    'a bomb that says what it is',
    makeZip([
      { name: 'a', data: TEXT, deflated: true, central: { size: 2 ** 31 }, local: { size: 2 ** 31 } },
    ]),
    /more than \d+ deflated bytes can hold/,
  ],
  [
    'a bomb that does not',
    makeZip([
      { name: 'a', data: new Uint8Array(2 ** 22), deflated: true, central: { size: 9 }, local: { size: 9 } },
    ]),
    /cannot be inflated/,
  ],
  [
    'less than was said',
    makeZip([{ name: 'a', data: TEXT, deflated: true, central: { size: 90 }, local: { size: 90 } }]),
    /31 bytes inflated, expected 90/,
  ],
  ['more entries than the directory holds', makeZip([ENTRY], { count: 60000, onDisk: 60000 }), /do not fit/],
  ['fewer entries than the directory holds', makeZip([ENTRY, ENTRY], { count: 1, onDisk: 1 }), /no entry/],
  ['a directory elsewhere', makeZip([ENTRY], { offset: 0 }), /should lie/],
  ['a directory of four gigabytes', makeZip([ENTRY], { bytes: 0xfffffffe }), /should lie/],
  ['the last of several parts', makeZip([ENTRY], { disk: 1 }), /one part of several/],
  ['something before it', Uint8Array.of(1, 2, 3, ...SOUND), /should lie/],
  ['something behind it', Uint8Array.of(...SOUND, 1), /cut off/],
])('%s is refused', (_, bytes, message) => {
  expect(judge(bytes)).toEqual({ refused: expect.stringMatching(message) });
});

test('an archive in the comment of another is refused', () => {
  const inner = makeZip([{ name: 'evil', data: TEXT }]);
  const outer = Buffer.from(SOUND);
  outer.writeUInt16LE(inner.length, outer.length - 2);
  expect(judge(new Uint8Array(Buffer.concat([outer, inner])))).toEqual({
    refused: expect.stringContaining('two places'),
  });
});

test('entries that overlap are refused', () => {
  const data = makeZip([ENTRY]).subarray(0, 31 + TEXT.length);
  const bytes = makeZip([
    { name: 'outer', data },
    { ...ENTRY, central: { offset: 35 } },
  ]);
  expect(judge(bytes)).toEqual({ refused: expect.stringContaining('overlaps') });
});

test('every shorter file is refused', () => {
  for (let length = 0; length < SOUND.length; length++) {
    expect(judge(SOUND.subarray(0, length))).toHaveProperty('refused');
  }
});

test('any bytes, and any edits of a sound archive, are read as before or refused', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void judge(bytes)));
  const edits = fc.array(fc.tuple(fc.nat(SOUND.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
  const before = readAll(SOUND);
  fc.assert(
    fc.property(edits, (changes) => {
      const verdict = judge(edited(SOUND, changes));
      if ('value' in verdict) expect(verdict.value).toEqual(before);
    }),
    { numRuns: 2000 },
  );
});

test('names of built-in properties are names like others', () => {
  const names = ['__proto__', 'constructor', 'toString'];
  const bytes = makeZip(names.map((name) => ({ name, data: TEXT })));
  expect([...readAll(bytes).keys()]).toEqual(names);
});

test('a file on the disk is read piece by piece, and errors name it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dna-zip-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a.zip');
  writeFileSync(path, SOUND);
  const source = new FileSource(path);
  const archive = openZip(source);
  expect(archive.read(archive.entries.get('b')!)).toEqual(Buffer.from(TEXT));
  truncateSync(path, 10);
  const unreadable = { code: 'FILE_UNREADABLE', message: expect.stringContaining(path) };
  expect(() => archive.read(archive.entries.get('a')!)).toThrow(expect.objectContaining(unreadable));
  expect(() => openZip(new FileSource(path))).toThrow(
    expect.objectContaining({ code: 'ZIP_INVALID', message: expect.stringContaining(`${path} is not`) }),
  );
  source.close();
  expect(() => new FileSource(folder)).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }));
});
