import { expect } from 'vitest';
import { type Fault, type FaultyFiles, faultsOf, faultyFiles, type Operation } from './faulty-files.js';
import type { MemoryDisk } from './memory-disk.js';
import { type Outcome, SmallRun } from './small-run.js';

/** One operation of the run, and how it fails. */
export interface Point {
  readonly at: number;
  readonly fault: Fault;
}

/** The small run undisturbed, and what it did to the disk. */
export interface Reference {
  readonly small: SmallRun;
  readonly operations: readonly Operation[];
  readonly outcome: Outcome;
  readonly points: readonly Point[];
}

export async function undisturbed(): Promise<Reference> {
  const small = await SmallRun.create();
  const disk = small.emptyDisk();
  const files = faultyFiles(disk);
  await small.start(files);
  const { operations } = files;
  const points = operations.flatMap((operation, at) =>
    faultsOf(operation).map((fault): Point => ({ at, fault })),
  );
  return { small, operations, outcome: small.outcome(disk), points };
}

/** Starts the run on a disk that fails; whatever comes of it, no other error is told than that of the disk. */
export async function startFailing(
  small: SmallRun,
  disk: MemoryDisk,
  { at, fault }: Point,
): Promise<FaultyFiles> {
  const files = faultyFiles(disk, at, fault);
  try {
    await small.start(files);
  } catch (error) {
    if (!files.dead)
      expect(error).toMatchObject({ name: 'DnaError', code: expect.stringMatching(/^STORE_/) });
  }
  return files;
}

/** Starts the run again on a disk that is well: it must end, with the bits and the data order of the undisturbed. */
export async function expectSameEnd({ small, outcome }: Reference, disk: MemoryDisk): Promise<void> {
  await small.start(disk);
  const found = small.outcome(disk);
  expect(found.files).toEqual(outcome.files);
  expect(outcome.consumed).toEqual(expect.arrayContaining([...found.consumed]));
}
