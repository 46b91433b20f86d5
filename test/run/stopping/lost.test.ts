import { describe, expect } from 'vitest';
import { inCampaign } from '../../faults/extent.js';
import { resultsOf } from '../tiny-run.js';
import { dna, type EndedUnits, slowProject } from './slow-run.js';

const OFTEN = ['--plugin', './slow-plugin.mjs', '--set', 'workers=1', '--set', 'checkpointSeconds=0.001'];
const SEVERAL = ['rank.calibrationBatches=2', 'rank.batches=2', 'distill.epochs=1', 'retrain.epochs=1'];
const set = (values: readonly string[]) => values.flatMap((value) => ['--set', value]);

const count = ({ before }: EndedUnits, unit: string) => before.filter((line) => line === unit).length;

const CASES = [
  { what: 'whose prefixes are shared', options: ['rank.sharePrefixes=true'], at: [12, 9] },
  { what: 'of every path alone', options: ['rank.sharePrefixes=false'], at: [12, 9] },
  { what: 'by the answer of the teacher', options: ['rank.rating=answer-kl'], at: [12, 9] },
  // In the second round, where the student's own blocks are calibrated too.
  {
    what: "behind the student's own blocks",
    options: ['distill=progressive-s1', 'distill.batch=16', 'distill.pathsPerStep=2'],
    at: [20, 3],
  },
] as const;

describe.each(CASES)('a rating $what', ({ options, at }) => {
  const words = ['run', ...OFTEN, ...set([...options, ...SEVERAL])];

  inCampaign('loses no more than a unit when it is killed, and goes on to the same bits', async () => {
    const [whole, folder] = [await slowProject(), await slowProject()];
    const all = await dna(whole, words);
    expect(all.code).toBe(0);
    const killed = await dna(folder, words, { place: 'layer calibrate', at: at[0], signal: 'SIGKILL' });
    expect(killed.killed).toBe('SIGKILL');
    const again = await dna(folder, words, { place: 'rating', at: at[1], signal: 'SIGKILL' });
    expect(again.killed).toBe('SIGKILL');
    const rest = await dna(folder, words);
    expect(rest.code).toBe(0);
    expect(count(again, 'rating') + count(rest, 'rating')).toBeLessThanOrEqual(count(all, 'rating') + 1);
    expect(resultsOf(folder)).toEqual(resultsOf(whole));
  });
});
