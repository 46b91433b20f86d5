import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, FileSource } from 'dna-nas/archives';
import { writeSafetensors } from 'dna-nas/files';
import { readTorchState, type TorchState, torchFormat, torchStateDict } from 'dna-nas/nn/weights';
import { describe, expect, onTestFinished, test } from 'vitest';
import { expectedOf, goldenFiles, sha256 } from '../hostile/golden.js';
import {
  dictionary,
  named,
  pickle,
  tensor,
  text,
  torchLegacy,
  torchZip,
  tuple,
} from '../hostile/make-torch.js';

interface Expected {
  readonly format: string;
  readonly key: string | null;
  /** With the SHA-256 of their values as 32-bit floats. */
  readonly tensors: Record<string, { dtype: string; shape: number[]; sha256: string }>;
}

/** What of a state Python knows. */
function summary(state: TorchState): Expected {
  const floats = torchStateDict(state);
  const tensors = [...state.tensors].map(([name, { dtype, shape }]) => {
    return [name, { dtype, shape, sha256: sha256(floats.get(name)!.data) }];
  });
  return { format: state.format, key: state.key ?? null, tensors: Object.fromEntries(tensors) };
}

describe.each([...goldenFiles('pytorch')])('%s of torch.save', (name, bytes) => {
  const expected = expectedOf<Record<string, Expected>>('pytorch')[name];

  test('holds what PyTorch says', () => {
    expect(summary(readTorchState(bytes))).toEqual(expected);
    expect(Object.keys(summary(readTorchState(bytes)).tensors)).toEqual(Object.keys(expected!.tensors));
    expect(torchFormat(bytes)).toBe(expected!.format);
  });

  test('is read from the disk as from memory', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dna-torch-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, name), bytes);
    const source = new FileSource(join(folder, name));
    expect(summary(readTorchState(source))).toEqual(expected);
    source.close();
  });
});

test('values arrive in types that hold them', () => {
  const { tensors } = readTorchState(goldenFiles('pytorch').get('dtypes.pth')!);
  expect(tensors.get('int64')!.data).toEqual(
    BigInt64Array.of(0n, -1n, 2n ** 24n + 1n, -(2n ** 40n), 2n ** 62n),
  );
  expect(tensors.get('int8')!.data).toEqual(Int8Array.of(-128, 127, 0));
  expect(tensors.get('bool')!.data).toEqual(Uint8Array.of(0, 1, 1, 1, 1, 1));
  expect(tensors.get('float64')!.data).toBeInstanceOf(Float64Array);
  expect(tensors.get('float16')!.data).toBeInstanceOf(Float32Array);
});

test('tensors that are one tensor share their values', () => {
  for (const name of ['views.pth', 'views-legacy.pth']) {
    const { tensors } = readTorchState(goldenFiles('pytorch').get(name)!);
    expect(tensors.get('tied')!.data).toBe(tensors.get('whole')!.data);
  }
});

test('the format is told by content', () => {
  expect(
    torchFormat(writeSafetensors(new Map([['a', { shape: [], data: Float32Array.of(1) }]]))),
  ).toBeUndefined();
  expect(torchFormat(new Uint8Array())).toBeUndefined();
  expect(torchFormat(Uint8Array.of(0x80, 2))).toBeUndefined();
});

describe.each([
  ['zip', torchZip],
  ['legacy', torchLegacy],
])('a state dict as %s', (_, file) => {
  const names = (bytes: Uint8Array) => [...readTorchState(bytes).tensors.keys()];

  test.each([
    ['alone', tensor(), undefined],
    ['under model', dictionary([['weight', tensor()]]), 'model'],
    ['under state_dict', dictionary([['weight', tensor()]]), 'state_dict'],
  ])('%s is found', (_, value, key) => {
    const state = readTorchState(file(pickle(dictionary([[key ?? 'weight', value]]))));
    expect(state.key).toBe(key);
    expect([...state.tensors.get('weight')!.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('of averaged weights is taken before others', () => {
    const both = dictionary([
      ['state_dict', dictionary([['weight', tensor()]])],
      ['state_dict_ema', dictionary([['averaged', tensor()]])],
    ]);
    expect(names(file(pickle(both)))).toEqual(['averaged']);
  });

  test('keeps the order and names of built-in properties', () => {
    const order = ['z', '__proto__', 'constructor', 'a'];
    expect(names(file(pickle(dictionary(order.map((name) => [name, tensor()])))))).toEqual(order);
  });

  test('from Python 2 has texts of bytes and pairs', () => {
    const pairs = Buffer.concat([
      Buffer.from(']](U\x06weight', 'latin1'),
      tensor(),
      Buffer.from('ea', 'latin1'),
    ]);
    const bytes = file(pickle(named('collections', 'OrderedDict'), '(', pairs, 'tR'));
    expect(names(bytes)).toEqual(['weight']);
  });

  test('may be beside an object that contains itself', () => {
    const loop = dictionary([['state_dict', dictionary([['weight', tensor()]])]]);
    expect(names(file(pickle(loop, 'q\x01', text('self'), 'h\x01s')))).toEqual(['weight']);
  });
});

test('parts of storages of the oldest files are read', () => {
  const part = (offset: number) => tuple(text('part'), `K${String.fromCharCode(offset)}`, 'K\x02');
  const storage = (offset: number) =>
    tuple(text('storage'), named('torch', 'FloatStorage'), text('0'), text('cpu'), 'K\x06', part(offset));
  const view = (offset: number) =>
    Buffer.concat([
      named('torch._utils', '_rebuild_tensor'),
      tuple(storage(offset), 'QK\x00', tuple('K\x02'), tuple('K\x01')),
      Buffer.from('R'),
    ]);
  const { tensors } = readTorchState(torchLegacy(pickle(dictionary([['a', view(3)]]))));
  expect([...tensors.get('a')!.data]).toEqual([4, 5]);
  expect(() => readTorchState(torchLegacy(pickle(dictionary([['a', view(5)]]))))).toThrow(
    /part of a storage/,
  );
});

test('a source of one’s own is enough', () => {
  const source = bytesSource(torchZip(pickle(dictionary([['weight', tensor()]]))), 'mine');
  expect(readTorchState(source).tensors.get('weight')!.shape).toEqual([2, 3]);
});
