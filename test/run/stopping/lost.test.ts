import { describe, expect, it } from 'vitest';
import { resultsOf } from '../tiny-run.js';
import { dna, type Ended, slowProject } from './slow-run.js';

const OFTEN = ['--plugin', './slow-plugin.mjs', '--set', 'workers=1', '--set', 'checkpointSeconds=0.001'];
const SEVERAL = ['rank.calibrationBatches=2', 'rank.batches=2', 'distill.epochs=1', 'retrain.epochs=1'];
const set = (values: readonly string[]) => values.flatMap((value) => ['--set', value]);

const count = ({ before }: Ended, unit: string) => before.filter((line) => line === unit).length;

describe.each([true, false])('a rating whose prefixes are shared: %s', (shared) => {
  const words = ['run', ...OFTEN, ...set([...SEVERAL, `rank.sharePrefixes=${shared}`])];

  it('loses no more than a unit when it is killed, and goes on to the same bits', async () => {
    const [whole, folder] = [await slowProject(), await slowProject()];
    const all = await dna(whole, words);
    expect(all.code).toBe(0);
    const killed = await dna(folder, words, { place: 'layer calibrate', at: 12, signal: 'SIGKILL' });
    expect(killed.killed).toBe('SIGKILL');
    const again = await dna(folder, words, { place: 'rating', at: 9, signal: 'SIGKILL' });
    expect(again.killed).toBe('SIGKILL');
    const rest = await dna(folder, words);
    expect(rest.code).toBe(0);
    expect(count(again, 'rating') + count(rest, 'rating')).toBeLessThanOrEqual(count(all, 'rating') + 1);
    expect(resultsOf(folder)).toEqual(resultsOf(whole));
  }, 240_000);
});
