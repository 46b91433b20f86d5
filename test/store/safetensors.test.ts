import { readSafetensors, type TensorValue, toStateDict, writeSafetensors } from 'dna-nas/files';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failure } from './temporary-folder.js';

/** A file of a header, as text, and data. */
function fileOf(header: string, data: ArrayLike<number> = []): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

function tensor(dtype: string, shape: string, offsets: string): string {
  return `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
}

const names = fc
  .string({ unit: 'grapheme' })
  .filter((name) => name !== '__metadata__' && name !== '__proto__');

const tensors: fc.Arbitrary<TensorValue> = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return fc.float32Array({ minLength: size, maxLength: size }).map((data) => ({ shape, data }));
});

const dictionaries = fc.uniqueArray(fc.tuple(names, tensors), { selector: ([name]) => name, maxLength: 6 });
const metadata = fc.dictionary(
  names.filter((name) => name.length > 0),
  fc.string({ unit: 'grapheme' }),
  { noNullPrototype: true },
);

function bitsOf(data: Float32Array): Uint32Array {
  return new Uint32Array(data.slice().buffer);
}

describe('writing', () => {
  test('is read back bit for bit, names and metadata included', () => {
    fc.assert(
      fc.property(dictionaries, metadata, (entries, notes) => {
        const bytes = writeSafetensors(new Map(entries), notes);
        const file = readSafetensors(bytes);
        expect(Object.fromEntries(file.metadata)).toEqual(notes);
        expect([...file.tensors.keys()].sort()).toEqual(entries.map(([name]) => name).sort());
        for (const [name, { shape, data }] of entries) {
          const found = toStateDict(file).get(name)!;
          expect(found.shape).toEqual(shape);
          expect(bitsOf(found.data)).toEqual(bitsOf(data));
        }
      }),
    );
  });

  test('gives equal bytes for equal content in any order, with the data at a multiple of eight', () => {
    fc.assert(
      fc.property(dictionaries, metadata, (entries, notes) => {
        const bytes = writeSafetensors(new Map(entries), notes);
        const reversed = Object.fromEntries(Object.entries(notes).reverse());
        expect(writeSafetensors(new Map([...entries].reverse()), reversed)).toEqual(bytes);
        expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
      }),
    );
  });

  test('follows the format to the byte', () => {
    const dict = new Map([
      ['b', { shape: [1], data: Float32Array.of(1) }],
      ['a', { shape: [2], data: Float32Array.of(-2, 0.5) }],
    ]);
    const header =
      '{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
      '"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    const data = [0, 0, 0, 0xc0, 0, 0, 0, 0x3f, 0, 0, 0x80, 0x3f];
    expect(writeSafetensors(dict, { format: 'pt' })).toEqual(fileOf(padded, data));
  });

  test('takes views into larger arrays as they are', () => {
    const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    const file = readSafetensors(writeSafetensors(new Map([['a', { shape: [2], data }]])));
    expect(file.tensors.get('a')!.data).toEqual(Float32Array.of(1, 2));
  });

  test.each([
    ['__metadata__', [1], 1],
    ['__proto__', [1], 1],
    ['a', [2], 1],
    ['a', [-1, -1], 1],
    ['a', [0.5, 2], 1],
  ])('refuses a tensor named %j of shape %j with %i values', (name, shape, length) => {
    const dict = new Map([[name, { shape, data: new Float32Array(length) }]]);
    expect(failure(() => writeSafetensors(dict)).code).toBe('SAFETENSORS_UNWRITABLE');
  });
});

describe('reading', () => {
  test.each([
    ['F32', [0, 0, 0x80, 0x3f], Float32Array.of(1)],
    ['BF16', [0x80, 0xbf], Float32Array.of(-1)],
    ['BF16', [0x00, 0x80], Float32Array.of(-0)],
    ['F16', [0x00, 0x3c], Float32Array.of(1)],
    ['F16', [0xff, 0x7b], Float32Array.of(65504)],
    ['F16', [0x01, 0x00], Float32Array.of(2 ** -24)],
    ['F16', [0xff, 0x03], Float32Array.of(1023 * 2 ** -24)],
    ['F16', [0x00, 0x80], Float32Array.of(-0)],
    ['F16', [0x00, 0xfc], Float32Array.of(Number.NEGATIVE_INFINITY)],
    ['F16', [0x01, 0x7c], Float32Array.of(Number.NaN)],
    ['F64', [0, 0, 0, 0, 0, 0, 0xf0, 0x3f], Float64Array.of(1)],
    ['I64', [0xfe, 255, 255, 255, 255, 255, 255, 255], BigInt64Array.of(-2n)],
    ['I32', [0xfe, 255, 255, 255], Int32Array.of(-2)],
    ['U8', [200], Uint8Array.of(200)],
  ])('%s %j', (dtype, data, expected) => {
    const file = readSafetensors(fileOf(`{"x":${tensor(dtype, '[1]', `[0,${data.length}]`)}}`, data));
    expect(file.tensors.get('x')).toEqual({ dtype, shape: [1], data: expected });
    expect(toStateDict(file).get('x')!.data).toEqual(Float32Array.of(Number(expected[0])));
  });

  test('a buffer that shares its memory with others, at any alignment', () => {
    const bytes = writeSafetensors(new Map([['a', { shape: [2], data: Float32Array.of(1, 2) }]]));
    const shared = Buffer.alloc(bytes.length + 64, 0xff);
    shared.set(bytes, 3);
    const file = readSafetensors(shared.subarray(3, 3 + bytes.length));
    shared.fill(0);
    expect(file.tensors.get('a')!.data).toEqual(Float32Array.of(1, 2));
  });

  test('metadata of megabytes', () => {
    const json = '"\\ü'.repeat(1_000_000);
    expect(readSafetensors(writeSafetensors(new Map(), { json })).metadata.get('json')).toBe(json);
  });

  const f32 = tensor('F32', '[1]', '[0,4]');
  const four = [0, 0, 0, 0];
  test.each<[string, string, number[], RegExp]>([
    ['a duplicate name', `{"a":${f32},"a":${f32}}`, four, /the key "a" a second time/],
    ['a duplicate name, escaped', `{"a":${f32},"\\u0061":${f32}}`, four, /the key "a" a second time/],
    ['a duplicate in metadata', '{"__metadata__":{"a":"","a":""}}', [], /the key "a" a second time/],
    [
      'a duplicate property',
      '{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      four,
      /second time/,
    ],
    ['__proto__ as a name', `{"__proto__":${f32}}`, four, /"__proto__"/],
    ['__proto__ escaped', `{"\\u005f_proto__":${f32}}`, four, /"__proto__"/],
    ['__proto__ in metadata', '{"__metadata__":{"__proto__":"x"}}', [], /"__proto__"/],
    ['an integer above 2^53', `{"a":${tensor('F32', '[9007199254740993]', '[0,4]')}}`, four, /beyond 2\^53/],
    ['an integer in scientific notation', `{"a":${tensor('F32', '[1e400]', '[0,4]')}}`, four, /beyond 2\^53/],
    [
      'a product above 2^53',
      `{"a":${tensor('F32', '[4294967296,4294967296]', '[0,4]')}}`,
      four,
      /larger than any file/,
    ],
    ['a negative extent', `{"a":${tensor('F32', '[-1]', '[0,4]')}}`, four, /whole numbers/],
    ['a fraction', `{"a":${tensor('F32', '[0.5]', '[0,2]')}}`, four, /whole numbers/],
    [
      'too few bytes for a shape',
      `{"a":${tensor('F32', '[2]', '[0,4]')}}`,
      four,
      /occupies 4 bytes.*needs 8/,
    ],
    ['offsets backwards', `{"a":${tensor('F32', '[1]', '[4,0]')}}`, four, /occupies -4 bytes/],
    ['three offsets', `{"a":${tensor('F32', '[1]', '[0,4,4]')}}`, four, /are not two/],
    ['an unknown dtype', `{"a":${tensor('F8', '[1]', '[0,4]')}}`, four, /the dtype "F8"; known are/],
    [
      'a dtype of the prototype',
      `{"a":${tensor('constructor', '[1]', '[0,4]')}}`,
      four,
      /the dtype "constructor"/,
    ],
    [
      'an unknown property',
      '{"a":{"x":1,"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      four,
      /unknown property "x"/,
    ],
    [
      'a hole',
      `{"a":${tensor('F32', '[1]', '[4,8]')}}`,
      [...four, ...four],
      /4 bytes before .*belong to no tensor/,
    ],
    ['a hole at the end', `{"a":${f32}}`, [...four, 1], /1 bytes at its end belong to no tensor/],
    ['an overlap', `{"a":${f32},"b":${tensor('F32', '[1]', '[2,6]')}}`, [...four, 1, 2], /overlaps/],
    ['two tensors in one place', `{"a":${f32},"b":${f32}}`, four, /overlaps/],
    ['missing data', `{"a":${f32}}`, [0], /need 4 bytes of data and it holds 1/],
    ['metadata that is no text', '{"__metadata__":{"a":1}}', [], /is not a string/],
    ['metadata that is no object', '{"__metadata__":[]}', [], /is not an object/],
    ['deep nesting', `{"a":${'['.repeat(50)}${']'.repeat(50)}}`, [], /nesting deeper/],
    ['text after the header', '{} x', [], /text after the end/],
    ['a leading space', ' {}', [], /does not begin with/],
    ['an array', '[]', [], /does not begin with/],
    ['a string that never ends', '{"a', [], /not closed/],
    ['a raw line feed in a string', '{"a\n":1}', [], /raw control character/],
    ['an unknown escape', '{"\\x":1}', [], /unknown escape/],
  ])('refuses %s', (_, header, data, message) => {
    const error = failure(() => readSafetensors(fileOf(header, data)));
    expect(error.code).toBe('SAFETENSORS_INVALID');
    expect(error.message).toMatch(message);
    expect(({} as Record<string, unknown>).dtype).toBeUndefined();
  });

  test('refuses a header longer than the file, than the format allows, and text that is not UTF-8', () => {
    const claim = (length: bigint) => {
      const bytes = new Uint8Array(20);
      new DataView(bytes.buffer).setBigUint64(0, length, true);
      return failure(() => readSafetensors(bytes)).message;
    };
    expect(claim(13n)).toMatch(/claims 13 bytes and only 12 follow/);
    expect(claim(100_000_001n)).toMatch(/above the limit/);
    expect(claim(2n ** 64n - 1n)).toMatch(/above the limit/);
    expect(failure(() => readSafetensors(new Uint8Array(7))).message).toMatch(/7 bytes are too few/);
    const latin = fileOf('{"x"}');
    latin[10] = 0xff;
    expect(failure(() => readSafetensors(latin)).code).toBe('SAFETENSORS_INVALID');
  });

  test('any bytes give a file or a refusal, never another error', () => {
    const whole = writeSafetensors(new Map([['a', { shape: [2], data: Float32Array.of(1, 2) }]]), {
      json: '{}',
    });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (position, byte, length) => {
        const bytes = whole.slice(0, length || undefined);
        if (position < bytes.length) bytes[position] = byte;
        try {
          readSafetensors(bytes);
        } catch (error) {
          expect((error as { code?: string }).code).toBe('SAFETENSORS_INVALID');
        }
      }),
      { numRuns: 2000 },
    );
  });
});
