import { bytesSource, indexTar, readTar, type TarEntry } from 'dna-nas/archives';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedOf, goldenFiles, sha256 } from './golden.js';
import { type MadeFile, makeTar, paxRecord } from './make-tar.js';
import { edited, verdictOf, verdictOfAsync } from './verdict.js';

type Expected = Record<string, (TarEntry & { sha256: string })[]>;

const CODES = ['TAR_INVALID'];
const A: MadeFile = { name: 'a.txt', data: 'first' };
const B: MadeFile = { name: 'b/c.txt', data: 'x'.repeat(600) };
const SOUND = makeTar([A, B, { name: 'empty' }]);

/** Bytes in chunks of a size. */
async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function stream(bytes: Uint8Array, size = 700): Promise<(TarEntry & { data: Uint8Array })[]> {
  const files = [];
  for await (const file of readTar(chunks(bytes, size), { name: 'shard.tar' })) files.push(file);
  return files;
}

const judge = (bytes: Uint8Array) => verdictOf(CODES, () => indexTar(bytesSource(bytes, 'shard.tar')));

/** Index and stream must agree on what is read and what is refused. */
async function judgeBoth(bytes: Uint8Array, size?: number) {
  const indexed = judge(bytes);
  const streamed = await verdictOfAsync(CODES, () => stream(bytes, size));
  if ('refused' in indexed) expect(streamed).toHaveProperty('refused');
  else {
    const plain = (streamed as { value: Awaited<ReturnType<typeof stream>> }).value;
    expect(plain.map(({ data: _, ...entry }) => entry)).toEqual(indexed.value);
    for (const { data, offset, size } of plain) {
      expect(Buffer.compare(data, bytes.subarray(offset, offset + size))).toBe(0);
    }
  }
  return indexed;
}

describe.each([...goldenFiles('tar')])('%s of Python', (name, bytes) => {
  const expected = expectedOf<Expected>('tar')[name]!;

  test('is indexed as Python does', () => {
    const index = indexTar(bytesSource(bytes));
    const found = index.map((entry) => ({
      ...entry,
      sha256: sha256(bytes.subarray(entry.offset, entry.offset + entry.size)),
    }));
    expect(found).toEqual(expected);
  });

  test.each([1, 511, 4096, 1e6])('is streamed in chunks of %d bytes', async (size) => {
    const files = await stream(bytes, size);
    const found = files.map(({ data, ...entry }) => ({ ...entry, sha256: sha256(data) }));
    expect(found).toEqual(expected);
  });
});

const pax = (records: string, type = 'x'): MadeFile => ({ name: 'pax', type, data: records });
const long = (name: string): MadeFile => ({ name: '././@LongLink', type: 'L', data: `${name}\0` });
/** Such as extended attributes are. */
const BINARY = Buffer.from('10 k=\xff\xfe\xfd\0\n', 'latin1');
/** A size in GNU's binary way. */
const binary = (...last: number[]) => Uint8Array.of(0x80, ...new Array(11 - last.length).fill(0), ...last);

test.each<[string, MadeFile[], Partial<TarEntry>[]]>([
  ['a leading ./', [{ ...A, name: './a.txt' }], [{ name: 'a.txt', offset: 512, size: 5 }]],
  [
    'an old archive without a format',
    [{ ...A, type: '\0', bytes: { 257: '\0'.repeat(8) } }],
    [{ name: 'a.txt' }],
  ],
  ['a checksum of signed bytes', [{ ...A, name: 'ö.txt', fault: -512 }], [{ name: 'ö.txt' }]],
  ['a binary size', [{ ...A, size: binary(5) }], [{ size: 5 }]],
  ['a name of pax', [pax(paxRecord('path', 'Köln/a')), A], [{ name: 'Köln/a' }]],
  ['a size of pax', [pax(paxRecord('size', '5')), { ...A, size: '00000000000\0' }], [{ size: 5 }]],
  [
    'a name of pax and GNU',
    [pax(paxRecord('path', 'p')), long('g'), A, B],
    [{ name: 'p' }, { name: 'b/c.txt' }],
  ],
  ['attributes that are no text', [{ ...pax(''), data: BINARY }, A], [{ name: 'a.txt' }]],
  ['notes for all files', [pax(paxRecord('comment', 'abc'), 'g'), A], [{ name: 'a.txt' }]],
  ['a long link', [{ name: 'l', type: 'K', data: 'x\0' }, { name: 's', type: '2' }, A], [{ name: 'a.txt' }]],
  ['a device', [{ name: 'null', type: '3' }, A], [{ name: 'a.txt' }]],
  ['a folder of the oldest kind', [{ name: 'folder/', type: '\0' }, A], [{ name: 'a.txt' }]],
  [
    'names of built-in properties',
    [{ name: '__proto__' }, { name: 'constructor' }],
    [{ name: '__proto__' }, {}],
  ],
])('%s is read', async (_, files, expected) => {
  const verdict = await judgeBoth(makeTar(files));
  expect(verdict).toEqual({ value: expected.map((entry) => expect.objectContaining(entry)) });
});

test.each<[string, Uint8Array, RegExp]>([
  ['an empty file', new Uint8Array(), /ends before byte 0/],
  ['a wrong checksum', makeTar([{ ...A, fault: 1 }]), /at byte 0 is no header/],
  ['another format', makeTar([{ ...A, bytes: { 257: 'other' } }]), /unknown format/],
  ['a size that is no number', makeTar([{ ...A, size: '0000000000x\0' }]), /size in the header at byte 0/],
  ['a negative size', makeTar([{ ...A, size: new Uint8Array(12).fill(255) }]), /size in the header/],
  ['a size beyond 2^53', makeTar([{ ...A, size: binary(255, 0, 0, 0, 0, 0, 0, 0) }]), /size in the header/],
  [
    'a size of petabytes',
    makeTar([{ ...A, size: binary(4, 0, 0, 0, 0, 0, 0) }]),
    /cut off at byte|above the limit/,
  ],
  ['a file twice', makeTar([A, B, A]), /"a.txt" at byte 2560 is there twice/],
  ['a file twice under two names', makeTar([A, { ...A, name: './a.txt' }]), /twice/],
  ['a name that leads up', makeTar([{ ...A, name: 'x/../../a' }]), /leads elsewhere/],
  ['an absolute name', makeTar([{ ...A, name: '/etc/passwd' }]), /leads elsewhere/],
  ['an absolute name behind a dot', makeTar([{ ...A, name: './/etc/passwd/..' }]), /leads elsewhere/],
  ['a name that leads up by pax', makeTar([pax(paxRecord('path', '../a')), A]), /leads elsewhere/],
  ['a name that leads up by GNU', makeTar([long('../a'), A]), /leads elsewhere/],
  ['a zero byte in a name', makeTar([pax(paxRecord('path', 'a\0b')), A]), /leads elsewhere/],
  ['no name', makeTar([{ name: '' }]), /leads elsewhere/],
  ['a name that is not UTF-8', makeTar([{ ...A, bytes: { 0: '\xff' } }]), /not UTF-8/],
  ['a hard link', makeTar([A, { name: 'b', type: '1' }]), /hard link/],
  ['a sparse file of GNU', makeTar([{ ...A, type: 'S' }]), /stored as sparse/],
  ['a sparse file of pax', makeTar([pax(paxRecord('GNU.sparse.major', '1')), A]), /stored as sparse/],
  ['an unknown type', makeTar([{ ...A, type: 'Z' }]), /of the type "Z"/],
  ['a folder with data', makeTar([{ ...A, type: '5' }]), /is no file and says it has 5 bytes/],
  ['a pax record without a length', makeTar([pax('path=a\n'), A]), /no length that fits/],
  ['a pax record that is too long', makeTar([pax('99 path=a\n'), A]), /no length that fits/],
  ['a pax record of length 0', makeTar([pax('0 path=a\n'), A]), /no length that fits/],
  ['a pax record without a key', makeTar([pax('6 =ab\n'), A]), /not "length key=value"/],
  ['a pax record without an end', makeTar([pax('8 path=ab'), A]), /not "length key=value"|no length/],
  ['a pax key twice', makeTar([pax(paxRecord('path', 'a') + paxRecord('path', 'b')), A]), /"path" twice/],
  [
    'a pax size of petabytes',
    makeTar([pax(paxRecord('size', '1125899906842624')), A]),
    /cut off|above the limit/,
  ],
  ['a pax size that is no number', makeTar([pax(paxRecord('size', '1e3')), A]), /says the size "1e3"/],
  ['one name for all files', makeTar([pax(paxRecord('path', 'a'), 'g'), A]), /for all files/],
  [
    'two pax headers',
    makeTar([pax(paxRecord('path', 'a')), pax(paxRecord('path', 'b')), A]),
    /second pax header/,
  ],
  ['two long names', makeTar([long('a'), long('b'), A]), /second long name/],
  ['a name without a file', makeTar([long('a')]), /no file follows/],
  [
    'a long name of gigabytes',
    makeTar([{ name: 'l', type: 'L', size: '17777777777\0' }]),
    /extended header at byte 512/,
  ],
  ['no end', makeTar([A], new Uint8Array()), /ends before byte 1024 without/],
  ['half an end', makeTar([A], new Uint8Array(512)), /ends before byte 1536/],
  [
    'an empty block within',
    makeTar([A], Uint8Array.of(...new Uint8Array(512), ...makeTar([B]))),
    /one empty block/,
  ],
  ['two archives joined', Uint8Array.of(...SOUND, ...makeTar([B])), /not joined by cat/],
])('%s is refused', async (_, bytes, message) => {
  expect(await judgeBoth(bytes)).toEqual({ refused: expect.stringMatching(message) });
  expect(judge(bytes)).toEqual({ refused: expect.stringContaining('shard.tar is not a valid tar archive') });
});

test('a file that is cut off is refused with the byte where it ends, however it is read', async () => {
  for (let length = 0; length < SOUND.length; length += 37) {
    const verdict = await judgeBoth(SOUND.slice(0, length));
    expect(verdict).toEqual({ refused: expect.stringMatching(/cut off/) });
  }
  expect(judge(SOUND.subarray(0, 1700))).toEqual({
    refused: expect.stringContaining('byte 1700: its file "b/c.txt"'),
  });
});

test('a file of a stream that is cut off is not given out', async () => {
  const read = readTar(chunks(SOUND.slice(0, 1700), 700));
  expect((await read.next()).value).toMatchObject({ name: 'a.txt' });
  await expect(read.next()).rejects.toThrow(/cut off at byte 1700: its file "b\/c.txt" should end at 2136/);
});

test('what a stream claims is bounded before it is read', async () => {
  const read = readTar(chunks(SOUND, 700), { largestFile: 599 });
  expect((await read.next()).value).toMatchObject({ name: 'a.txt' });
  await expect(read.next()).rejects.toThrow(/"b\/c.txt" claims 600 bytes, above the limit of 599/);
});

test('the stream is closed when the reader stops', async () => {
  let closed = false;
  async function* source() {
    try {
      yield* chunks(SOUND, 600);
    } finally {
      closed = true;
    }
  }
  for await (const _ of readTar(source())) break;
  expect(closed).toBe(true);
});

test('any bytes, and any edits of a sound archive, are read alike in both ways or refused', async () => {
  const random = fc.asyncProperty(
    fc.uint8Array({ maxLength: 1200 }),
    async (bytes) => void (await judgeBoth(bytes)),
  );
  await fc.assert(random);
  const sound = makeTar([pax(paxRecord('path', 'Köln/a')), A, long('long name'), B]);
  const edits = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(edits, fc.integer({ min: 1, max: 2000 }), async (changes, size) => {
      const verdict = await judgeBoth(edited(sound, changes), size);
      if ('value' in verdict)
        for (const { offset, size } of verdict.value) expect(offset + size).toBeLessThan(sound.length);
    }),
    { numRuns: 1000 },
  );
});
