import { type FileLayer, openRunFolder, type RunFolder, thisProcess } from 'dna-nas/core';
import { expect, test } from 'vitest';
import { type Failure, failingFiles, unsyncedFiles } from './failing-files.js';
import { stateOf, temporaryRuns } from './temporary-folder.js';

const newRun = temporaryRuns();
const TASK = { id: 'train', stage: 'distill', needs: [], work: 1, input: {} } as const;

/** What a script has been promised, and what it was doing when it failed. */
interface Progress {
  checkpoint: number;
  trying: number;
  journal: number;
  ratings: number;
  result: boolean;
  committing: boolean;
  configured: boolean;
  opened: RunFolder | undefined;
}

function work(folder: string, files: FileLayer, progress: Progress): void {
  const run = openRunFolder(folder, { files });
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

function freshProgress(): Progress {
  const counters = { checkpoint: 0, trying: 0, journal: 0, ratings: 0 };
  return { ...counters, result: false, committing: false, configured: false, opened: undefined };
}

/** Opens as a later process would: the one before is gone. */
function reopen(folder: string, noticed: string[]): RunFolder {
  const later = { ...thisProcess(), boot: 'a later boot' };
  return openRunFolder(folder, {
    files: unsyncedFiles,
    process: later,
    noticed: (text) => noticed.push(text),
  });
}

function checkPromises(run: RunFolder, progress: Progress): void {
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

function failAt(at: number, how: Failure): { readonly done: boolean } {
  const folder = newRun();
  const progress = freshProgress();
  const files = failingFiles(at, how);
  let error: unknown;
  try {
    work(folder, files, progress);
  } catch (caught) {
    error = caught;
  }
  if (files.operations <= at) {
    expect(error).toBeUndefined();
    return { done: true };
  }
  if (error) expect(error).toMatchObject({ name: 'DnaError', code: expect.stringMatching(/^STORE_/) });
  if (error && how === 'ENOSPC') expect(error).toMatchObject({ code: 'STORE_DISK_FULL' });
  const noticed: string[] = [];
  const run = reopen(folder, noticed);
  checkPromises(run, progress);
  expect(noticed).toEqual([]);
  finish(run);
  return { done: false };
}

/** Whatever happened before, the run goes on to its end. */
function finish(run: RunFolder): void {
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

test.each<Failure>(['EIO', 'ENOSPC', 'short write', 'death'])(
  'whichever operation fails with %s, the last or the previous state is whole',
  (how) => {
    let at = 0;
    while (!failAt(at, how).done) at++;
    expect(at).toBeGreaterThan(80);
  },
);

test('a failure inside a living process leaves it able to go on', () => {
  for (let at = 0; ; at++) {
    const folder = newRun();
    const files = failingFiles(at, 'ENOSPC');
    const progress = freshProgress();
    try {
      work(folder, files, progress);
    } catch {
      // The disk has room again.
    }
    if (files.operations <= at) break;
    const run = progress.opened;
    if (!run || progress.result) continue;
    checkPromises(run, progress);
    finish(run);
  }
});

test('a full disk says what was written, how much it needs and what to do', () => {
  const folder = newRun();
  const run = openRunFolder(folder);
  run.writeJson('ratings', { step: 1 });
  run.release();
  const opening = failingFiles(Number.POSITIVE_INFINITY, 'EIO');
  const counted = openRunFolder(folder, { files: opening });
  // The manifest comes first: six operations, then the file is opened.
  const at = opening.operations + 7;
  counted.release();
  const full = openRunFolder(folder, { files: failingFiles(at, 'ENOSPC') });
  expect(() => full.writeJson('ratings', { step: 2 })).toThrowError(
    expect.objectContaining({
      code: 'STORE_DISK_FULL',
      message: expect.stringMatching(/ratings\.json: it needs 16 bytes/),
      hint: expect.stringMatching(/run the same command again; nothing is lost/),
    }),
  );
  expect(full.readJson('ratings')).toEqual({ step: 1 });
  full.release();
});
