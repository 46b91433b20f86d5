import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskState } from 'dna-nas/core/stages';
import type { DnaError } from 'dna-nas/errors';
import { afterEach } from 'vitest';

/** A run folder's path below a folder that is removed after each test. */
export function temporaryRuns(): () => string {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'dna-store-'));
    made.push(folder);
    return join(folder, 'runs', 'a');
  };
}

/** A state that is told apart by its step. */
export function stateOf(step: number): TaskState {
  return {
    json: { step, loss: 1 / (step + 3), order: { epoch: step, draws: [step, 'x'] } },
    tensors: new Map([
      [
        'head.weight',
        { shape: [2, 3], data: Float32Array.from({ length: 6 }, (_, index) => index / (step + 7)) },
      ],
      ['empty', { shape: [0, 4], data: new Float32Array(0) }],
      ['scale', { shape: [], data: Float32Array.of(-0) }],
    ]),
  };
}

/** The error of an action that must fail. */
export function failure(action: () => unknown): DnaError {
  try {
    action();
  } catch (error) {
    return error as DnaError;
  }
  throw new Error('It was expected to fail.');
}
