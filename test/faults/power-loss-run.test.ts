import { randomStream } from 'dna-nas/core';
import { beforeAll, expect, test } from 'vitest';
import { expectSameEnd, type Reference, startFailing, undisturbed } from './disturbed-run.js';
import { ALL, count, sample } from './extent.js';
import { isWriting } from './faulty-files.js';

const HOUR = 3_600_000;

let reference: Reference;

beforeAll(async () => {
  reference = await undisturbed();
});

test(
  'after a power loss at any point of a run the next start ends with the same bits',
  async () => {
    const { small, operations } = reference;
    const random = randomStream('power loss in a run');
    const writing = operations.flatMap((operation, at) => (isWriting(operation) ? [at] : []));
    let states = 0;
    for (const at of sample(writing, 4, 32)) {
      const disk = small.emptyDisk();
      await startFailing(small, disk, { at, fault: 'death' });
      // The first of these is the poorest legal state, the second the richest.
      for (const lost of disk.afterPowerLoss(2, random)) {
        await expectSameEnd(reference, lost);
        states++;
      }
    }
    count('whole runs with a power loss', states);
    expect(states).toBeGreaterThanOrEqual(6);
  },
  HOUR,
);

test(
  'a run that is killed again and again, soon after each start, ends with the same bits',
  async () => {
    const { small } = reference;
    const random = randomStream('kills');
    for (let round = 0; round < (ALL ? 10 : 1); round++) {
      const disk = small.emptyDisk();
      let kills = 0;
      // A start needs some 290 operations to get to its work, and 390 to have saved it once.
      while ((await startFailing(small, disk, { at: 250 + random.integer(400), fault: 'death' })).dead)
        // Starts that come to nothing would follow each other for ever.
        expect(++kills).toBeLessThan(200);
      expect(kills).toBeGreaterThan(2);
      await expectSameEnd(reference, disk);
      count('kills in a row', kills);
    }
  },
  HOUR,
);
