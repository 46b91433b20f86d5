import { readTorchState } from 'dna-nas/nn/weights';
import { expect } from 'vitest';
import { sha256 } from './golden.js';
import { dictionary, type Piece, pickle, tensor, text } from './make-torch.js';
import { type Verdict, verdictOf } from './verdict.js';

const CODES = ['TORCH_INVALID', 'TORCH_UNSUPPORTED', 'ZIP_INVALID'];

/** Type, shape and SHA-256 of each tensor of a file. */
export function readHashes(bytes: Uint8Array): Map<string, string> {
  const { tensors } = readTorchState(bytes);
  // However often a file says it, what it holds is not more than so much.
  const unique = new Set([...tensors.values()].map(({ data }) => data));
  const size = [...unique].reduce((sum, { byteLength }) => sum + byteLength, 0);
  expect(size).toBeLessThanOrEqual(bytes.length * 8 + 2 ** 20);
  return new Map(
    [...tensors].map(([name, { dtype, shape, data }]) => [name, `${dtype} ${shape} ${sha256(data)}`]),
  );
}

export function judgeTorch(bytes: Uint8Array): Verdict<Map<string, string>> {
  return verdictOf(CODES, () => readHashes(bytes));
}

export function expectRefused(bytes: Uint8Array, message: RegExp): void {
  expect(judgeTorch(bytes)).toEqual({ refused: expect.stringMatching(message) });
}

/** A checkpoint with a sound state dict, and beside it what the pieces make. */
export function beside(...pieces: readonly Piece[]): Uint8Array {
  return pickle(dictionary([['state_dict', dictionary([['weight', tensor()]])]]), text('x'), ...pieces, 's');
}
