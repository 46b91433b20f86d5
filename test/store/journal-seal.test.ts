import { openRunFolder, type RunFolder } from 'dna-nas/core/store';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { expect, test } from 'vitest';
import { MemoryDisk } from '../faults/memory-disk.js';

const FOLDER = '/runs/one';
const JOURNAL = `${FOLDER}/journal.jsonl`;

function work(disk: MemoryDisk, action: (folder: RunFolder) => void): string[] {
  const notices: string[] = [];
  const folder = openRunFolder(FOLDER, { files: disk, noticed: (text) => notices.push(text) });
  action(folder);
  folder.release();
  return notices;
}

/** A run of which a stage has ended and whose owner has gone: three lines. */
function ended(): MemoryDisk {
  const disk = new MemoryDisk();
  disk.mkdir('/runs');
  work(disk, (folder) => {
    folder.writeJson('config', { name: 'one' });
    for (const event of ['started', 'stageStarted', 'stageLeft']) folder.journal({ event });
  });
  return disk;
}

function withLines(disk: MemoryDisk, change: (lines: string[]) => string[]): MemoryDisk {
  const lines = Buffer.from(disk.readFile(JOURNAL)).toString().split('\n').slice(0, -1);
  disk.spoil(
    JOURNAL,
    Buffer.from(
      change(lines)
        .map((line) => `${line}\n`)
        .join(''),
    ),
  );
  return disk;
}

const problems = (disk: MemoryDisk) => verifyRun(FOLDER, disk).problems;

test('a journal that was cut at the end of a line is noticed', () => {
  expect(problems(ended())).toEqual([]);
  for (const kept of [0, 1, 2]) {
    const cut = withLines(ended(), (lines) => lines.slice(0, kept));
    const problem = `the journal ends after line ${kept}; it had 3 when it was sealed`;
    expect(problems(cut)).toEqual([`${problem}.`]);
    expect(work(cut, () => {})).toEqual([`${problem}; new lines follow it.`]);
  }
});

test('so is one that is gone, and one that has other lines since it was cut', () => {
  const gone = ended();
  gone.unlink(JOURNAL);
  expect(problems(gone)).toEqual(['the journal ends after line 0; it had 3 when it was sealed.']);
  const other = withLines(ended(), (lines) => lines.slice(0, 2));
  const folder = openRunFolder(FOLDER, { files: other });
  for (const event of ['stageStarted', 'stageLeft']) folder.journal({ event });
  // The process is killed before it seals anything.
  expect(problems(other.copy())).toEqual(['line 3 of the journal is not the one that was sealed.']);
});

test('a journal that goes on after it was sealed is whole', () => {
  const disk = ended();
  const folder = openRunFolder(FOLDER, { files: disk });
  folder.journal({ event: 'started' });
  expect(problems(disk.copy())).toEqual([]);
  folder.sealJournal();
  folder.release();
  expect(problems(withLines(disk, (lines) => lines.slice(0, 3)))).toEqual([
    'the journal ends after line 3; it had 4 when it was sealed.',
  ]);
});
