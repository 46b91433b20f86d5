import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { goldenFiles } from './golden.js';
import {
  dictionary,
  FLOATS,
  type MadeTensor,
  named,
  pickle,
  tensor,
  text,
  torchLegacy,
  torchZip,
} from './make-torch.js';
import { expectRefused, judgeTorch, readHashes } from './torch-verdict.js';
import { edited } from './verdict.js';

const one = (made?: MadeTensor) => pickle(dictionary([['weight', tensor(made)]]));

describe('tensors', () => {
  test.each<[string, MadeTensor, RegExp]>([
    ['one value too many', { size: [7], stride: [1] }, /reaches to element 6 of a storage of 6/],
    ['an offset', { offset: 1 }, /reaches to element 6/],
    ['an offset beyond', { offset: 7, size: [0], stride: [1] }, /of a storage of 6/],
    ['a negative offset', { offset: -1 }, /an offset that cannot be/],
    ['a stride', { stride: [4, 1] }, /reaches to element 6/],
    ['a negative stride', { offset: 5, size: [6], stride: [-1] }, /strides that cannot be/],
    ['a negative size', { size: [-1, 3] }, /a shape that cannot be/],
    ['a size of 2^62', { size: [2n ** 62n], stride: [0] }, /a shape that cannot be/],
    [
      'sizes whose product no integer holds',
      { size: [2 ** 31, 2 ** 31], stride: [0, 0] },
      /larger than any file/,
    ],
    [
      'the same with an axis of 0',
      { size: [2 ** 31, 2 ** 31, 0], stride: [0, 0, 0] },
      /larger than any file/,
    ],
    ['an expansion to gigabytes', { size: [2 ** 31], stride: [0] }, /would occupy 8589934592 bytes/],
    ['a stride beyond 2^53', { size: [3], stride: [2 ** 52] }, /larger than any file/],
    ['a stride too few', { stride: [1] }, /2 axes with 1 strides/],
    [
      'more axes than tensors have',
      { size: new Array(33).fill(1), stride: new Array(33).fill(1) },
      /a shape/,
    ],
    ['a storage of petabytes', { length: 2n ** 50n }, /are 24 bytes, expected 4503599627370496/],
    ['a storage of a negative length', { length: -1 }, /length is no number/],
    ['a storage of another type', { type: 'DoubleStorage' }, /are 24 bytes, expected 48/],
    ['a storage that is not there', { key: '1' }, /no data for the storage "1"/],
    ['a storage elsewhere', { key: '../data.pkl' }, /no data for the storage/],
    ['a conjugated tensor', { more: dictionary([['conj', '\x88']]) }, /metadata/],
  ])('%s is refused', (_, made, message) => {
    expectRefused(torchZip(one(made)), message);
    expect(judgeTorch(torchLegacy(one(made)))).toHaveProperty('refused');
  });

  test('a storage of two types is refused', () => {
    const two = pickle(
      dictionary([
        ['a', tensor()],
        ['b', tensor({ type: 'IntStorage' })],
      ]),
    );
    expectRefused(torchZip(two), /a second time, as one of another type/);
    expectRefused(torchLegacy(two), /a second time, as one of another type/);
  });

  test('many views of one storage are bounded together', () => {
    const many = (count: number, type: string) =>
      dictionary(
        Array.from({ length: count }, (_, index) => [
          `t${index}`,
          tensor({ length: 1e5, type, offset: index, size: [9e4], stride: [1] }),
        ]),
      );
    const data = { 0: new Uint8Array(4e5) };
    expect(judgeTorch(torchZip(pickle(many(3, 'FloatStorage')), data))).toHaveProperty('value');
    expectRefused(torchZip(pickle(many(2000, 'FloatStorage')), data), /would occupy/);
  });

  test.each([
    ['numbers', 'K\x01'],
    ['a tensor under a number', Buffer.concat([Buffer.from('}K\x01'), tensor(), Buffer.from('s')])],
    [
      'a text among tensors',
      dictionary([
        ['weight', tensor()],
        ['note', text('x')],
      ]),
    ],
    ['an empty dictionary', '}'],
    ['a list of tensors', Buffer.concat([Buffer.from(']'), tensor(), Buffer.from('a')])],
  ])('%s instead of a state dict: refused', (_, value) => {
    expectRefused(
      torchZip(pickle(value), typeof value === 'string' ? {} : undefined),
      /dictionary of tensors|of a tensor is no text/,
    );
  });
});

describe('files', () => {
  const sound = one();

  test.each<[string, Uint8Array, RegExp]>([
    ['a big-endian one', torchZip(sound, undefined, { byteorder: 'big' }), /byte order is "big"/],
    ['one of a later version', torchZip(sound, undefined, { version: '11\n' }), /has the version "11"/],
    ['one with a long version', torchZip(sound, undefined, { version: '3'.repeat(17) }), /has 17 bytes/],
    ['a program', torchZip(sound, undefined, { 'code/__torch__.py': 'x' }), /TorchScript/],
    ['constants of a program', torchZip(sound, undefined, { 'constants.pkl': 'x' }), /TorchScript/],
    ['a storage without an end', torchZip(sound, { 0: FLOATS.subarray(1) }), /are 23 bytes, expected 24/],
    ['no number of the format', torchLegacy(sound).subarray(15), /begins with/],
    [
      'a system that is not little-endian',
      torchLegacy(sound, undefined, pickle(dictionary([['little_endian', '\x89']]))),
      /little-endian/,
    ],
    [
      'a system that runs code',
      torchLegacy(sound, undefined, pickle(named('os', 'system'))),
      /asks for "os.system"/,
    ],
    [
      'a system that calls what tensors are made of',
      torchLegacy(sound, undefined, pickle(named('torch', 'Size'))),
      /asks for/,
    ],
    ['no storages', torchLegacy(sound, {}), /no data for the storage "0"/],
    ['a storage more', torchLegacy(sound, { 0: FLOATS, 1: FLOATS }), /storage of no tensor/],
    [
      'a storage of another length',
      torchLegacy(sound, { 0: FLOATS.subarray(4) }),
      /has 5 elements, expected 6/,
    ],
    ['bytes behind the last storage', Uint8Array.of(...torchLegacy(sound), 0), /1 bytes follow/],
    ['an empty one', new Uint8Array(), /it is empty/],
    [
      'a tar archive',
      edited(
        new Uint8Array(1024),
        [...'ustar'].map((letter, index) => [257 + index, letter.charCodeAt(0)]),
      ),
      /before 0.1.10/,
    ],
  ])('%s is refused', (_, bytes, message) => expectRefused(bytes, message));

  test('every shorter file is refused', () => {
    for (const bytes of [torchZip(sound), torchLegacy(sound)]) {
      for (let length = 0; length < bytes.length; length++) {
        expect(judgeTorch(bytes.subarray(0, length))).toHaveProperty('refused');
      }
    }
  });
});

describe.each([...goldenFiles('pytorch')].filter(([name]) => !name.startsWith('averaged')))(
  '%s',
  (name, sound) => {
    const before = readHashes(sound);
    const at = fc.nat(sound.length - 1);

    test('with bytes changed, cut off or added is read or refused', () => {
      const edits = fc.array(fc.tuple(at, fc.nat(255)), { maxLength: 3 });
      fc.assert(
        fc.property(
          edits,
          fc.option(fc.nat(sound.length + 8), { nil: sound.length, freq: 5 }),
          (changes, length) => {
            const bytes = edited(sound, changes, length);
            const verdict = judgeTorch(bytes);
            // Only zip archives have checksums.
            if ('value' in verdict && !name.includes('legacy')) expect(verdict.value).toEqual(before);
          },
        ),
        { numRuns: 300 },
      );
    });
  },
);

test('any bytes are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      judgeTorch(bytes);
      judgeTorch(torchZip(bytes));
      judgeTorch(torchLegacy(bytes));
    }),
  );
});
