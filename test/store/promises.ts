import { openRunFolder, type RunFolder } from 'dna-nas/core/store';
import type { FileLayer, ProcessIdentity } from 'dna-nas/files';
import { expect } from 'vitest';
import { stateOf } from './temporary-folder.js';

const TASK = { id: 'train', stage: 'distill', needs: [], work: 1, input: {} } as const;

/** What a script has been promised, and what it was doing when it failed. */
export interface Progress {
  checkpoint: number;
  trying: number;
  journal: number;
  ratings: number;
  result: boolean;
  committing: boolean;
  configured: boolean;
  opened: RunFolder | undefined;
}

/** A run in small: every kind of writing that a run does. */
export function work(
  folder: string,
  progress: Progress,
  { files, process }: { files: FileLayer; process?: ProcessIdentity },
): void {
  const run = openRunFolder(folder, { files, ...(process && { process }) });
  progress.opened = run;
  run.writeJson('config', { seed: 1 });
  progress.configured = true;
  run.writeTask(TASK);
  for (let step = 1; step <= 3; step++) {
    progress.trying = step;
    run.saveCheckpoint('train', step, stateOf(step));
    progress.checkpoint = step;
    run.journal({ event: 'saved', step });
    progress.journal = step;
    run.writeJson('ratings', { step });
    progress.ratings = step;
  }
  progress.committing = true;
  run.commitResult('train', stateOf(9));
  progress.result = true;
  run.release();
}

export function freshProgress(): Progress {
  const counters = { checkpoint: 0, trying: 0, journal: 0, ratings: 0 };
  return { ...counters, result: false, committing: false, configured: false, opened: undefined };
}

/** What was promised is there, what was being done is there or not, and nothing is half. */
export function checkPromises(run: RunFolder, progress: Progress): void {
  const { checkpoint, trying, committing } = progress;
  const result = run.loadResult('train');
  if (progress.result) expect(result).toBeDefined();
  if (result) {
    expect(committing).toBe(true);
    expect(result).toEqual(stateOf(9));
  } else {
    const loaded = run.loadCheckpoint('train');
    // The last one promised, or the one being saved: whole in either case.
    const step = (loaded?.json.step as number | undefined) ?? 0;
    expect([checkpoint, trying]).toContain(step);
    if (loaded) expect(loaded).toEqual(stateOf(step));
  }
  const sequence = run.readJournal().map((entry) => entry.sequence);
  expect(sequence).toEqual(sequence.map((_, index) => index + 1));
  expect(sequence.length).toBeGreaterThanOrEqual(progress.journal);
  expect(sequence.length).toBeLessThanOrEqual(progress.journal + 1);
  const ratings = run.readJson('ratings') as { step: number } | undefined;
  expect([progress.ratings, progress.ratings + 1]).toContain(ratings?.step ?? 0);
  if (progress.configured) expect(run.readJson('config')).toEqual({ seed: 1 });
}

/** Whatever happened before, the run goes on to its end. */
export function finish(run: RunFolder): void {
  run.journal({ event: 'resumed' });
  expect(run.readJournal().at(-1)!.event).toBe('resumed');
  expect(run.journalProblems()).toEqual([]);
  if (!run.hasResult('train')) {
    run.saveCheckpoint('train', 4, stateOf(4));
    expect(run.loadCheckpoint('train')).toEqual(stateOf(4));
    run.commitResult('train', stateOf(9));
  }
  expect(run.loadResult('train')).toEqual(stateOf(9));
  run.release();
}
