import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomStream } from 'dna-nas/core';
import type { FileLayer } from 'dna-nas/files';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectSameEnd, type Reference, startFailing, undisturbed } from './disturbed-run.js';
import { ALL, count } from './extent.js';
import type { MemoryDisk } from './memory-disk.js';

const PROGRAM = fileURLToPath(new URL('../../bin/dna.js', import.meta.url));
const FLIPS = ALL ? 1000 : 200;

let reference: Reference;
/** Complete; and stopped in the middle of the last training, with two checkpoints. */
let complete: MemoryDisk;
let stopped: MemoryDisk;

beforeAll(async () => {
  reference = await undisturbed();
  const { small, operations } = reference;
  complete = small.emptyDisk();
  await small.start(complete);
  stopped = small.emptyDisk();
  const last = operations.findIndex(
    ({ name, path }) => name === 'open' && /results\/\.retrain-found/.test(path),
  );
  await startFailing(small, stopped, { at: last, fault: 'death' });
});

/** Refuses everything but reading. */
function readOnly(disk: MemoryDisk): FileLayer {
  const refuse = () => {
    throw new Error('A reader wrote.');
  };
  const refusing = ['open', 'write', 'truncate', 'fsync', 'close', 'syncFolder', 'rename', 'link', 'unlink'];
  const layer = Object.fromEntries([...refusing, 'rmdir', 'mkdir'].map((name) => [name, refuse]));
  return {
    ...layer,
    readdir: (path) => disk.readdir(path),
    stat: (path) => disk.stat(path),
    readFile: (path) => disk.readFile(path),
  } as FileLayer;
}

function checkpointsOf(disk: MemoryDisk): string[] {
  return [...disk.files().keys()].filter((path) => /checkpoints\/.*\.safetensors$/.test(path)).sort();
}

/** The checkpoint that was saved last: of one step there may be several, as measuring is saved in between. */
function lastCheckpointOf(disk: MemoryDisk): string {
  const folder = join(reference.small.folder, 'checkpoints/retrain-found');
  const manifest = new TextDecoder().decode(disk.readFile(join(folder, 'manifest.json')));
  return join(folder, JSON.parse(manifest).current.file);
}

describe('verify', () => {
  test('finds nothing wrong in a sound run, complete or not, and writes nothing', () => {
    const { folder } = reference.small;
    for (const disk of [complete, stopped]) {
      const { whole, problems } = verifyRun(folder, readOnly(disk));
      expect(problems).toEqual([]);
      expect(whole.length).toBeGreaterThan(12);
    }
    expect(verifyRun(folder, readOnly(complete)).unknown).toEqual([]);
  });

  test(`finds each of ${2 * FLIPS} flipped bits`, () => {
    const random = randomStream('rot');
    const { folder } = reference.small;
    for (const disk of [complete, stopped]) {
      const vouched = new Set(verifyRun(folder, disk).whole);
      const files = [...disk.files()].filter(
        ([path, { length }]) => length > 0 && vouched.has(path.slice(folder.length + 1)),
      );
      const total = files.reduce((sum, [, { length }]) => sum + length, 0);
      for (let flip = 0; flip < FLIPS; flip++) {
        // Half of them anywhere, half in a file that is drawn first, so that small ones are hit too.
        let at = random.integer(total);
        let index = flip % 2 === 0 ? random.integer(files.length) : 0;
        if (flip % 2 === 1) while (at >= files[index]![1].length) at -= files[index++]![1].length;
        const [path, bytes] = files[index]!;
        const changed = bytes.slice();
        const bit = random.integer(8);
        changed[at % bytes.length]! ^= 1 << bit;
        disk.spoil(path, changed);
        const { problems } = verifyRun(folder, disk);
        expect(problems.length, `${path}, byte ${at % bytes.length}, bit ${bit}`).toBeGreaterThan(0);
        disk.spoil(path, bytes);
      }
    }
    count('flipped bits', 2 * FLIPS);
  });

  test('finds a file that is gone', () => {
    const { folder } = reference.small;
    const disk = complete.copy();
    disk.unlink(join(folder, 'ratings.json'));
    expect(verifyRun(folder, disk).problems).toEqual(['ratings.json is missing.']);
  });
});

describe('dna verify', () => {
  const project = mkdtempSync(join(tmpdir(), 'dna-verify-'));
  const folder = join(project, 'run');
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  beforeAll(() => {
    for (const [path, bytes] of complete.files()) {
      const file = join(folder, path.slice(reference.small.folder.length));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
  });

  test('says that a run is sound, for people and for programs', () => {
    expect(execFileSync(PROGRAM, ['verify', folder], { encoding: 'utf8' })).toMatch(
      /run: \d+ files are whole\.\n$/,
    );
    const data = JSON.parse(execFileSync(PROGRAM, ['verify', folder, '--json'], { encoding: 'utf8' }));
    expect(Object.keys(data)).toEqual(['sound', 'whole', 'problems', 'unknown']);
    expect(data).toMatchObject({ sound: true, problems: [], unknown: [] });
  });

  test('names what is damaged, and what nothing vouches for; its exit code is 1', () => {
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    writeFileSync(join(folder, 'search.json'), '{}');
    const { status, stdout, stderr } = spawnSync(PROGRAM, ['verify', folder], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/files are whole\.\nNothing vouches for notes\.txt\.\n$/);
    expect(stderr).toMatch(/has a damaged or missing file:\n {2}search\.json is damaged: /);
  });
});

describe('a run that goes on', () => {
  test('from the checkpoint before a damaged one says so and ends with the same bits', async () => {
    const { small } = reference;
    const disk = stopped.copy();
    const last = lastCheckpointOf(disk);
    disk.spoil(last, disk.readFile(last).fill(0x77, 300, 310));
    await expectSameEnd(reference, disk);
    expect(small.noticed).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/checkpoints\/retrain-found\/3-.* is damaged.*from step 3\./),
      ]),
    );
  });

  test('without a whole checkpoint says which are damaged, and starts nothing over', async () => {
    const disk = stopped.copy();
    const spoilt = checkpointsOf(disk);
    expect(spoilt).toHaveLength(2);
    for (const path of spoilt) disk.spoil(path, disk.readFile(path).fill(0x77, 300, 310));
    await expect(reference.small.start(disk)).rejects.toMatchObject({ code: 'STORE_CHECKPOINTS_CORRUPT' });
    expect(checkpointsOf(disk)).toEqual(spoilt);
  });

  test('with a damaged result names it', async () => {
    const disk = stopped.copy();
    const path = join(reference.small.folder, 'results/train-b1-c1.safetensors');
    disk.spoil(path, disk.readFile(path).fill(0x77, 300, 310));
    await expect(reference.small.start(disk)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringMatching(/results\/train-b1-c1\.safetensors is damaged/),
    });
  });
});
