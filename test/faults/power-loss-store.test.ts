import { randomStream } from 'dna-nas/core';
import { openRunFolder, type RunFolder } from 'dna-nas/core/store';
import { type ProcessIdentity, thisProcess } from 'dna-nas/files';
import { expect, test } from 'vitest';
import { checkPromises, finish, freshProgress, type Progress, work } from '../store/promises.js';
import { stateOf } from '../store/temporary-folder.js';
import { ALL, count, sample } from './extent.js';
import { type FaultyFiles, faultyFiles, isWriting } from './faulty-files.js';
import { MemoryDisk } from './memory-disk.js';

const FOLDER = '/project/runs/a';

/** A process of the boot with this number: those of other boots are gone. */
const boot = (number: number): ProcessIdentity => ({ ...thisProcess(), boot: `boot ${number}` });

function newDisk(): MemoryDisk {
  const disk = new MemoryDisk();
  disk.mkdir('/project');
  return disk.settle();
}

function reopen(disk: MemoryDisk, number: number): { run: RunFolder; noticed: string[] } {
  const noticed: string[] = [];
  const run = openRunFolder(FOLDER, {
    files: disk,
    process: boot(number),
    noticed: (text) => noticed.push(text),
  });
  return { run, noticed };
}

function die(files: FaultyFiles, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!files.dead) throw error;
  }
}

/** Numbers of the writing operations of a script. */
function writings(action: (files: FaultyFiles) => void): number[] {
  const files = faultyFiles(newDisk());
  action(files);
  return files.operations.flatMap((operation, at) => (isWriting(operation) ? [at] : []));
}

function workUntil(at: number): { disk: MemoryDisk; progress: Progress } {
  const disk = newDisk();
  const progress = freshProgress();
  const files = faultyFiles(disk, at, 'death');
  die(files, () => work(FOLDER, progress, { files, process: boot(0) }));
  return { disk, progress };
}

const points = writings((files) => work(FOLDER, freshProgress(), { files, process: boot(0) }));

test('whatever a power loss leaves, everything promised is there and nothing is half', () => {
  const random = randomStream('power loss');
  let states = 0;
  for (const at of points) {
    const { disk, progress } = workUntil(at);
    for (const lost of disk.afterPowerLoss(ALL ? 4096 : 24, random)) {
      const { run, noticed } = reopen(lost, 1);
      checkPromises(run, progress);
      expect(noticed).toEqual([]);
      finish(run);
      states++;
    }
  }
  count('states of a run folder after a power loss', states);
  expect(states).toBeGreaterThan(5 * points.length);
});

test('a power loss soon after a kill takes nothing either', () => {
  const random = randomStream('kill and power loss');
  let states = 0;
  // The first points are those at which the run's own folders are made.
  for (const at of new Set([...points.slice(0, 14), ...sample(points, 12)])) {
    const before = workUntil(at);
    const last = before.disk.copy();
    const counting = faultyFiles(last);
    finish(openRunFolder(FOLDER, { files: counting, process: boot(1) }));
    for (const lost of last.afterPowerLoss(2, random)) {
      expectNothingLost(reopen(lost, 2).run, { ...before.progress, result: true });
      states++;
    }
    const later = counting.operations.flatMap((operation, index) => (isWriting(operation) ? [index] : []));
    for (const second of sample(later, 8)) {
      const disk = before.disk.copy();
      const files = faultyFiles(disk, second, 'death');
      die(files, () => finish(openRunFolder(FOLDER, { files, process: boot(1) })));
      for (const lost of disk.afterPowerLoss(ALL ? 8 : 4, random)) {
        expectNothingLost(reopen(lost, 2).run, before.progress);
        states++;
      }
    }
  }
  count('states of a run folder after a kill and a power loss', states);
});

function expectNothingLost(run: RunFolder, { checkpoint, trying, result, configured }: Progress): void {
  const found = run.loadResult('train');
  if (result) expect(found).toBeDefined();
  if (found) expect(found).toEqual(stateOf(9));
  else {
    const loaded = run.loadCheckpoint('train');
    const step = (loaded?.json.step as number | undefined) ?? 0;
    expect([checkpoint, trying, 4]).toContain(step);
    if (loaded) expect(loaded).toEqual(stateOf(step));
  }
  if (configured) expect(run.readJson('config')).toEqual({ seed: 1 });
  finish(run);
}
