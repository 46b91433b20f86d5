import { openRunFolder, type RunFolder } from 'dna-nas/core/store';
import { thisProcess } from 'dna-nas/files';
import { expect, test } from 'vitest';
import { type Failure, failingFiles, unsyncedFiles } from './failing-files.js';
import { checkPromises, finish, freshProgress, work } from './promises.js';
import { temporaryRuns } from './temporary-folder.js';

const newRun = temporaryRuns();
/** Opens as a later process would: the one before is gone. */
function reopen(folder: string, noticed: string[]): RunFolder {
  const later = { ...thisProcess(), boot: 'a later boot' };
  return openRunFolder(folder, {
    files: unsyncedFiles,
    process: later,
    noticed: (text) => noticed.push(text),
  });
}

function failAt(at: number, how: Failure): { readonly done: boolean } {
  const folder = newRun();
  const progress = freshProgress();
  const files = failingFiles(at, how);
  let error: unknown;
  try {
    work(folder, progress, { files });
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
      work(folder, progress, { files });
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
