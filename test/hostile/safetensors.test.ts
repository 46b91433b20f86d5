import { DnaError } from 'dna-nas/errors';
import { readSafetensors, writeSafetensors } from 'dna-nas/files';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const SOUND = writeSafetensors(
  new Map([
    ['weight', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ['bias', { shape: [0], data: new Float32Array() }],
  ]),
  { note: 'sound' },
);

function fileOf(header: string, data = 0, length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

/** Accepts, or refuses with an error that is ours and short enough to be read. */
function judge(bytes: Uint8Array): 'accepted' | 'refused' {
  try {
    const { tensors } = readSafetensors(bytes);
    const size = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
    expect(size).toBeLessThanOrEqual(bytes.length);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(DnaError);
    expect(error).toMatchObject({ code: 'SAFETENSORS_INVALID' });
    expect((error as DnaError).message.length).toBeLessThan(600);
    return 'refused';
  }
}

test('any bytes are read or refused', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void judge(bytes)));
});

test('a sound file with bytes changed, cut off or added is read or refused', () => {
  const edits = fc.array(fc.tuple(fc.nat(SOUND.length - 1), fc.nat(255)), { maxLength: 4 });
  fc.assert(
    fc.property(edits, fc.nat(SOUND.length + 8), (changed, length) => {
      const bytes = new Uint8Array(length);
      bytes.set(SOUND.subarray(0, length));
      for (const [at, value] of changed) if (at < length) bytes[at] = value;
      judge(bytes);
    }),
    { numRuns: 500 },
  );
});

test('any JSON as a header is read or refused', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.nat(16), (header, data) => void judge(fileOf(header, data))),
  );
});

test('any values in the fields of a tensor are read or refused', () => {
  const number = fc.oneof(fc.integer(), fc.double(), fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }));
  const list = fc.array(number.map(String), { maxLength: 4 }).map((items) => `[${items.join()}]`);
  fc.assert(
    fc.property(fc.constantFrom('F32', 'U8', 'x'), list, list, (dtype, shape, offsets) => {
      judge(fileOf(`{"a":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}}`, 8));
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['a length beyond the file', fileOf('{}', 0, 2n ** 63n)],
  ['a header of nearly the limit that is not there', fileOf('{}', 0, 99_999_999n)],
  [
    'a tensor of petabytes',
    fileOf('{"a":{"dtype":"U8","shape":[1125899906842624],"data_offsets":[0,1125899906842624]}}'),
  ],
  [
    'an empty tensor whose other extents no integer can count',
    fileOf('{"a":{"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}'),
  ],
  ['a whole number as a fraction', fileOf('{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}', 1)],
  ['a negative zero', fileOf('{"a":{"dtype":"U8","shape":[1],"data_offsets":[-0,1]}}', 1)],
  ['an exponent', fileOf('{"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}}', 1)],
  ['half of a surrogate pair', fileOf('{"\\ud800":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}', 1)],
  ['half of one in metadata', fileOf('{"__metadata__":{"a":"\\udc00"}}')],
  ['a prototype', fileOf('{"__proto__":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}', 1)],
  ['nesting without end', fileOf(`{"a":${'['.repeat(100_000)}`)],
  ['a name of a megabyte', fileOf(`{"${'a'.repeat(1_000_000)}":1}`)],
  ['an unclosed string of a megabyte', fileOf(`{"${'\\"'.repeat(500_000)}`)],
  ['a megabyte of digits', fileOf(`{"a":${'1'.repeat(1_000_000)}}`)],
  [
    'a shape of a hundred thousand extents',
    fileOf(`{"a":{"dtype":"U8","shape":[${'1,'.repeat(100_000)}1],"data_offsets":[0,2]}}`, 2),
  ],
])('%s is refused', (_, bytes) => {
  expect(judge(bytes)).toBe('refused');
});

test('names of built-in properties are names like others', () => {
  const names = ['constructor', 'toString', 'hasOwnProperty'];
  const dict = new Map(names.map((name) => [name, { shape: [], data: Float32Array.of(1) }]));
  expect([...readSafetensors(writeSafetensors(dict)).tensors.keys()].sort()).toEqual([...names].sort());
  expect(() => writeSafetensors(new Map([['\ud800', { shape: [], data: Float32Array.of(1) }]]))).toThrow(
    expect.objectContaining({ code: 'SAFETENSORS_UNWRITABLE' }),
  );
});
