import { beforeAll, expect, test } from 'vitest';
import { expectSameEnd, type Reference, startFailing, undisturbed } from './disturbed-run.js';
import { ALL, count, sample } from './extent.js';

const SAMPLE = 20;
const MANY = 240;
const HOUR = 3_600_000;

/** Tests one half of all points of the run at which one operation fails, so that two processes can share them. */
export function testWholeRun(half: 0 | 1): void {
  let reference: Reference;

  beforeAll(async () => {
    reference = await undisturbed();
  });

  test(
    'whichever operation of a run fails, the next start ends with the same bits and data order',
    async () => {
      const { small, operations, points } = reference;
      expect(points.length).toBeGreaterThan(1000);
      const chosen = sample(points, SAMPLE, MANY).filter((_, index) => index % 2 === half);
      for (const point of chosen) {
        const { name, path } = operations[point.at]!;
        const where = `operation ${point.at}, ${name} ${path}: ${point.fault}`;
        const disk = small.emptyDisk();
        await startFailing(small, disk, point);
        await expectSameEnd(reference, disk.copy()).catch((cause) => {
          throw new Error(`${where}: ${cause.message}`, { cause });
        });
      }
      count('whole runs with one failing operation', chosen.length);
      expect(chosen.length).toBeGreaterThanOrEqual(ALL ? points.length / 2 - 1 : SAMPLE / 2);
    },
    HOUR,
  );
}
