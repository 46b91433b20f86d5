import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTorchState, torchStateDict } from 'dna-nas/nn/weights';
import { afterAll, describe, expect, test } from 'vitest';
import {
  dictionary,
  int32,
  integer,
  type MadeTensor,
  named,
  type Piece,
  pickle,
  tensor,
  text,
  torchLegacy,
  torchZip,
  tuple,
} from './make-torch.js';
import { expectRefused } from './torch-verdict.js';

const MEBIBYTE = 2 ** 20;
/** Node itself holds some 60; floats made for each name anew would be 1,600. */
const MOST_MEGABYTES = 512;
const NAMES = 400;

const folder = mkdtempSync(join(tmpdir(), 'dna-weights-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Found {
  readonly names?: number;
  readonly values?: number;
  readonly refused?: string;
}

/** What a process of its own makes of a file, which must not take it more memory than any file may. */
function readAlone(bytes: Uint8Array): Found {
  const file = join(folder, 'weights');
  writeFileSync(file, bytes);
  const script = fileURLToPath(new URL('./read-weights.mjs', import.meta.url));
  const { megabytes, ...found } = JSON.parse(
    execFileSync(process.execPath, [script, file], { encoding: 'utf8' }),
  );
  expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  return found;
}

const views = (made: (index: number) => MadeTensor, count = NAMES) =>
  pickle(
    dictionary(
      Array.from({ length: count }, (_, index): [string, Piece] => [`t${index}`, tensor(made(index))]),
    ),
  );

const BYTES: MadeTensor = { type: 'ByteStorage', length: MEBIBYTE, size: [MEBIBYTE], stride: [1] };
const storage = (bytes = MEBIBYTE) => ({ 0: new Uint8Array(bytes) });

/** A file as before PyTorch 1.6, of one storage of so many bytes. */
function legacy(data: Uint8Array, bytes = MEBIBYTE): Uint8Array {
  const made = torchLegacy(data, storage(bytes));
  // The length before a storage is in elements, which are bytes here.
  Buffer.from(made.buffer).set(int32(bytes), made.length - bytes - 8);
  return made;
}

function safetensors(tensors: readonly string[], data: number): Uint8Array {
  const header = Buffer.from(`{${tensors.join()}}`);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(data)]);
}

describe('many names for one storage take the memory of one', () => {
  const same = views(() => BYTES);

  test.each([
    ['in a zip archive', torchZip(same, storage())],
    ['in an old file', legacy(same)],
  ])('%s', (_, bytes) => {
    expect(readAlone(bytes)).toEqual({ names: NAMES, values: 1 });
  });

  test('in parts of a storage, as files before PyTorch 0.4 name them', () => {
    const identifier = tuple(
      text('storage'),
      named('torch', 'ByteStorage'),
      text('0'),
      text('cpu'),
      integer(MEBIBYTE),
      tuple(text('part'), integer(0), integer(MEBIBYTE / 2)),
    );
    const place = [integer(0), tuple(integer(MEBIBYTE / 2)), tuple(integer(1))];
    const part = Buffer.concat([
      named('torch._utils', '_rebuild_tensor'),
      tuple(Buffer.concat([identifier, Buffer.from('Q')]), ...place),
      Buffer.from('R'),
    ]);
    const many = Array.from({ length: NAMES }, (_, index): [string, Piece] => [`t${index}`, part]);
    expect(readAlone(legacy(pickle(dictionary(many))))).toEqual({ names: NAMES, values: 1 });
  });

  test('of 64-bit numbers, and in two shapes', () => {
    const made = views((index) => ({
      type: 'LongStorage',
      length: MEBIBYTE / 8,
      size: index % 2 === 0 ? [MEBIBYTE / 8] : [2, MEBIBYTE / 16],
      stride: index % 2 === 0 ? [1] : [MEBIBYTE / 16, 1],
    }));
    expect(readAlone(torchZip(made, storage()))).toEqual({ names: NAMES, values: 2 });
  });
});

describe('what would take too much is refused before it is made', () => {
  test('overlapping views of a storage', () => {
    const shifted = views((index) => ({ ...BYTES, offset: index, size: [MEBIBYTE - NAMES] }));
    expect(readAlone(torchZip(shifted, storage()))).toEqual({ refused: 'TORCH_INVALID' });
  });

  test('overlapping tensors of a safetensors file', () => {
    const tensors = Array.from(
      { length: NAMES },
      (_, index) => `"t${index}":{"dtype":"U8","shape":[${MEBIBYTE}],"data_offsets":[0,${MEBIBYTE}]}`,
    );
    expect(readAlone(safetensors(tensors, MEBIBYTE))).toEqual({ refused: 'SAFETENSORS_INVALID' });
  });

  test('more tensors of a safetensors file than any network has', () => {
    const tensors = Array.from(
      { length: 400_000 },
      (_, index) => `"t${index}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`,
    );
    expect(readAlone(safetensors(tensors, 0))).toEqual({ refused: 'SAFETENSORS_INVALID' });
  });
});

test('what conversion to floats makes counts as growth', () => {
  const shifted = (count: number) =>
    torchZip(
      views((index) => ({ ...BYTES, offset: index, size: [MEBIBYTE - 10] }), count),
      storage(),
    );
  // A byte is five in memory: itself and its float.
  expect(torchStateDict(readTorchState(shifted(1))).size).toBe(1);
  expectRefused(shifted(2), /would occupy 10485660 bytes/);
});
