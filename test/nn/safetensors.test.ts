import { readSafetensors, type StateDict, toStateDict, writeSafetensors } from 'dna-nas/nn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** A file of a header as text and data of zeros or the bytes given. */
function file(header: string, data: number | Uint8Array = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const body = typeof data === 'number' ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

function headerOf(bytes: Uint8Array): string {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return new TextDecoder().decode(bytes.subarray(8, 8 + length));
}

const entry = (begin: number, end: number, shape: number[] = [(end - begin) / 4], dtype = 'F32') =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

const name = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.startsWith('__'));

const stateDicts: fc.Arbitrary<StateDict> = fc
  .uniqueArray(fc.tuple(name, fc.array(fc.nat({ max: 3 }), { maxLength: 4 }), fc.integer()), {
    selector: ([text]) => text,
    maxLength: 6,
  })
  .map((entries) => {
    const tensor = (shape: number[], seed: number) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      return { shape, data: Float32Array.from({ length: size }, (_, index) => Math.sin(seed + index)) };
    };
    return new Map(entries.map(([text, shape, seed]) => [text, tensor(shape, seed)]));
  });

describe('writeSafetensors', () => {
  it('is read back, names and metadata of any kind', () => {
    fc.assert(
      fc.property(stateDicts, fc.dictionary(name, fc.string()), (dict, metadata) => {
        const found = readSafetensors(writeSafetensors(dict, metadata));
        const byName = (a: [string, unknown], b: [string, unknown]) => (a[0] < b[0] ? -1 : 1);
        expect([...toStateDict(found)].sort(byName)).toEqual([...dict].sort(byName));
        expect(Object.fromEntries(found.metadata)).toEqual({ ...metadata });
      }),
    );
  });

  it('gives equal bytes for equal content, aligned to eight', () => {
    const a = { shape: [2], data: Float32Array.of(1, 2) };
    const b = { shape: [], data: Float32Array.of(3) };
    const bytes = writeSafetensors(new Map([['b', b], ['a', a]]), { y: '2', x: '1' }); // biome-ignore format: short
    expect(writeSafetensors(new Map([['a', a], ['b', b]]), { x: '1', y: '2' })).toEqual(bytes); // biome-ignore format: short
    const header = headerOf(bytes);
    expect(header.trimEnd()).toBe(
      `{"__metadata__":{"x":"1","y":"2"},"a":${entry(0, 8, [2])},"b":${entry(8, 12, [])}}`,
    );
    expect(header.length % 8).toBe(0);
    expect(bytes.length).toBe(8 + header.length + 12);
  });

  it.each([
    ['__metadata__', { shape: [1], data: new Float32Array(1) }, /cannot hold a tensor named "__metadata__"/],
    ['a', { shape: [2], data: new Float32Array(1) }, /"a" holds 1 values; its shape \[2\] needs 2/],
    ['a', { shape: [-1], data: new Float32Array(1) }, /"a" holds 1 values/],
  ])('refuses %s', (key, tensor, message) => {
    expect(() => writeSafetensors(new Map([[key, tensor]]))).toThrow(message);
  });

  it('refuses the metadata key __proto__', () => {
    const metadata = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
    expect(() => writeSafetensors(new Map(), metadata)).toThrow(/"__proto__"/);
  });
});

describe('readSafetensors', () => {
  it('reads every dtype, at any alignment', () => {
    const header = [
      `"u":${entry(0, 3, [3], 'U8')}`,
      `"h":${entry(3, 15, [6], 'F16')}`,
      `"b":${entry(15, 21, [3], 'BF16')}`,
      `"i":${entry(21, 25, [1], 'I32')}`,
      `"l":${entry(25, 33, [], 'I64')}`,
      `"d":${entry(33, 41, [1, 1], 'F64')}`,
      `"f":${entry(41, 45, [1])}`,
    ];
    const data = new Uint8Array(45);
    const view = new DataView(data.buffer);
    data.set([1, 2, 255]);
    // 1, −2, the smallest subnormal, the largest, −∞, NaN.
    [0x3c00, 0xc000, 0x0001, 0x7bff, 0xfc00, 0x7e00].forEach((bits, index) => {
      view.setUint16(3 + 2 * index, bits, true);
    });
    [0x3f80, 0xc2f7, 0x0001].forEach((bits, index) => {
      view.setUint16(15 + 2 * index, bits, true);
    });
    view.setInt32(21, -7, true);
    view.setBigInt64(25, -(2n ** 60n), true);
    view.setFloat64(33, Math.PI, true);
    view.setFloat32(41, 0.5, true);
    // One byte before the file keeps every offset odd.
    const bytes = file(`{${header.join()}}`, data);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    const { tensors } = readSafetensors(shifted.subarray(1));
    expect([...tensors.keys()]).toEqual(['u', 'h', 'b', 'i', 'l', 'd', 'f']);
    expect([...tensors.get('u')!.data]).toEqual([1, 2, 255]);
    expect([...tensors.get('h')!.data]).toEqual([1, -2, 2 ** -24, 65504, -Infinity, Number.NaN]);
    expect([...tensors.get('b')!.data]).toEqual([1, -123.5, 2 ** -133]);
    expect([...tensors.get('i')!.data]).toEqual([-7]);
    expect([...tensors.get('l')!.data]).toEqual([-(2n ** 60n)]);
    expect([...tensors.get('d')!.data]).toEqual([Math.PI]);
    const dict = toStateDict({ metadata: new Map(), tensors });
    expect(dict.get('l')).toEqual({ shape: [], data: Float32Array.of(-(2 ** 60)) });
    expect(dict.get('u')!.data).toBeInstanceOf(Float32Array);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['too few bytes', new Uint8Array(7), /7 bytes are too few/],
    ['a header beyond the file', file('{}').subarray(0, 9), /claims 2 bytes and only 1 follow/],
    ['a header above 100 MB', Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0x7b), /above the limit of 100000000/],
    ['leading space', file(' {}'), /does not begin with "\{"/],
    ['no JSON', file('{"a":'), /not acceptable JSON/],
    ['invalid UTF-8', file('{"a"}').fill(0xff, 10, 11), /not acceptable JSON/],
    ['text behind', file('{} x'), /text after the end/],
    ['a duplicate tensor', file(`{"a":${entry(0, 4)},"a":${entry(0, 4)}}`, 4), /key "a" a second time/],
    [
      'a duplicate escaped',
      file(`{"a":${entry(0, 4)},"\\u0061":${entry(0, 4)}}`, 4),
      /key "a" a second time/,
    ],
    ['a duplicate property', file('{"a":{"dtype":"F32","dtype":"F32"}}'), /key "dtype" a second time/],
    ['__proto__', file(`{"__proto__":${entry(0, 4)}}`, 4), /key "__proto__"/],
    ['__proto__ in metadata', file('{"__metadata__":{"__proto__":"x"}}'), /key "__proto__"/],
    [
      'an integer above 2^53',
      file('{"a":{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]}}', 4),
      /9007199254740993, which is beyond 2\^53/,
    ],
    ['metadata of numbers', file('{"__metadata__":{"a":1}}'), /metadata "a" is not a string/],
    ['metadata as a list', file('{"__metadata__":[]}'), /"__metadata__" is not an object/],
    ['an unknown dtype', file(`{"a":${entry(0, 4, [1], 'F8')}}`, 4), /dtype "F8"; known are F32, /],
    ['a dtype of the prototype', file(`{"a":${entry(0, 4, [1], 'toString')}}`, 4), /dtype "toString"/],
    ['an unknown property', file('{"a":{"type":"F32"}}'), /unknown property "type"/],
    ['a negative extent', file(`{"a":${entry(0, 4, [-1])}}`, 4), /holds -1, expected whole numbers/],
    ['a fraction', file(`{"a":${entry(0, 4, [1.5])}}`, 4), /holds 1.5/],
    ['three offsets', file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}}', 4), /are not two/],
    ['no offsets', file('{"a":{"dtype":"F32","shape":[]}}', 4), /data_offsets of tensor "a" is not an array/],
    ['a wrong size', file(`{"a":${entry(0, 4, [2])}}`, 4), /occupies 4 bytes where its shape \[2\] needs 8/],
    ['a swapped range', file(`{"a":${entry(4, 0, [1])}}`, 4), /occupies -4 bytes/],
    ['a huge tensor', file(`{"a":${entry(0, 4, [1e15, 1e15])}}`, 4), /larger than any file/],
    ['a hole', file(`{"a":${entry(0, 4)},"b":${entry(8, 12)}}`, 12), /4 bytes before tensor "b"/],
    ['a hole at the beginning', file(`{"a":${entry(4, 8)}}`, 8), /4 bytes before tensor "a"/],
    ['an overlap', file(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12), /tensor "b" overlaps/],
    ['too little data', file(`{"a":${entry(0, 8)}}`, 4), /need 8 bytes of data and it holds 4/],
    ['too much data', file(`{"a":${entry(0, 4)}}`, 8), /4 bytes at its end belong to no tensor/],
    ['deep nesting', file(`{"a":${'['.repeat(5000)}`), /nesting deeper/],
  ])('refuses %s', (_what, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(message);
    expect(() => readSafetensors(bytes)).toThrow(
      /^Not a valid safetensors file: .* Download or export it again\.$/s,
    );
  });

  it('accepts tensors without elements and a file without any', () => {
    expect(readSafetensors(file('{}  ')).tensors.size).toBe(0);
    const { tensors } = readSafetensors(file(`{"a":${entry(0, 0, [0, 3])},"b":${entry(0, 4)}}`, 4));
    expect([...tensors].map(([key, { shape }]) => [key, shape])).toEqual([['a', [0, 3]], ['b', [1]]]); // biome-ignore format: short
  });

  it('answers or refuses in its own words, whatever happens to the header', () => {
    const original = writeSafetensors(
      new Map(['a', 'b'].map((key) => [key, { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }])),
      { format: 'pt' },
    );
    const length = headerOf(original).length + 8;
    const mutation = fc.array(fc.tuple(fc.nat({ max: length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(mutation, (changes) => {
        const bytes = original.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          const { tensors } = readSafetensors(bytes);
          for (const { shape, data } of tensors.values()) {
            expect(data.length).toBe(shape.reduce((product, extent) => product * extent, 1));
          }
        } catch (error) {
          expect((error as Error).message).toMatch(/^Not a valid safetensors file: /);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
