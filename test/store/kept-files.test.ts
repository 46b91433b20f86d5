import { randomStream } from 'dna-nas/core';
import { keepFile, keepFolder, readKept } from 'dna-nas/files';
import { describe, expect, test } from 'vitest';
import { faultsOf, faultyFiles, refusingFiles } from '../faults/faulty-files.js';
import { MemoryDisk } from '../faults/memory-disk.js';

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const CONTENTS = new Map([
  ['one', bytes('first')],
  ['two', bytes('second')],
  ['record', bytes('of both')],
]);
const STATES = 24;

function emptyDisk(): MemoryDisk {
  const disk = new MemoryDisk();
  disk.mkdir('/project');
  return disk.settle();
}

/** How each is kept, and what of it is there: nothing, or all, or what must not be. */
const WAYS = [
  {
    name: 'a file',
    keep: (files: MemoryDisk | ReturnType<typeof faultyFiles>, noticed: (text: string) => void) =>
      keepFile('/project/cache/one', CONTENTS.get('one')!, { what: 'The list', noticed, files }),
    found: (disk: MemoryDisk) => {
      const found = readKept('/project/cache/one', disk);
      return found ? Buffer.from(found).toString() : 'nothing';
    },
    whole: 'first',
  },
  {
    name: 'a folder',
    keep: (files: MemoryDisk | ReturnType<typeof faultyFiles>, noticed: (text: string) => void) =>
      keepFolder('/project/cache/all', CONTENTS, { what: 'The images', noticed, files }),
    found: (disk: MemoryDisk) => {
      if (!readKept('/project/cache/all/record', disk)) return 'nothing';
      const texts = [...CONTENTS.keys()].map((name) => readKept(`/project/cache/all/${name}`, disk) ?? []);
      return texts.map((text) => Buffer.from(text).toString()).join();
    },
    whole: 'first,second,of both',
  },
];

describe.each(WAYS)('$name is kept', ({ keep, found, whole }) => {
  const undisturbed = () => {
    const disk = emptyDisk();
    const files = faultyFiles(disk);
    expect(keep(files, (text) => expect.unreachable(text))).toBe(true);
    expect(found(disk)).toBe(whole);
    return files.operations.flatMap((operation, at) => faultsOf(operation).map((fault) => ({ at, fault })));
  };

  test('whole or not at all, whichever operation fails or dies, and at the next start', () => {
    const points = undisturbed();
    expect(points.length).toBeGreaterThan(20);
    for (const { at, fault } of points) {
      const disk = emptyDisk();
      const files = faultyFiles(disk, at, fault);
      const notices: string[] = [];
      const kept = keep(files, (text) => notices.push(text));
      expect(notices).toHaveLength(kept ? 0 : 1);
      expect(kept ? [whole] : [whole, 'nothing']).toContain(found(disk));
      const next = disk.copy();
      expect(keep(next, (text) => expect.unreachable(text))).toBe(true);
      expect(found(next)).toBe(whole);
    }
  });

  test('whole or not at all after a power loss', () => {
    for (const { at } of undisturbed()) {
      const disk = emptyDisk();
      keep(faultyFiles(disk, at, 'death'), () => undefined);
      for (const after of disk.afterPowerLoss(STATES, randomStream(`power loss ${at}`))) {
        expect([whole, 'nothing']).toContain(found(after));
      }
    }
  });

  test.each([
    ['ENOSPC', /^The \w+ cannot be kept; the next start makes them again\. There is no room for/],
    ['EROFS', /could not be written: EROFS/],
  ])('not at all on a disk that answers %s, and that is said', (code, message) => {
    const notices: string[] = [];
    const disk = emptyDisk();
    const files = refusingFiles(faultyFiles(disk), code) as ReturnType<typeof faultyFiles>;
    expect(keep(files, (text) => notices.push(text))).toBe(false);
    expect(notices).toEqual([expect.stringMatching(message)]);
    expect(disk.files().size).toBe(0);
  });
});

test('a folder that lacks its last file is replaced', () => {
  const disk = emptyDisk();
  const options = { what: 'The images', noticed: (text: string) => expect.unreachable(text), files: disk };
  disk.mkdir('/project/all');
  disk.close(disk.open('/project/all/strange', 'create'));
  keepFolder('/project/all', CONTENTS, options);
  expect(disk.readdir('/project/all').sort()).toEqual(['one', 'record', 'two']);
});
