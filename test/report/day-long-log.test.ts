import { createHooks } from 'dna-nas/core';
import type { StageName } from 'dna-nas/core/stages';
import { reportTo } from 'dna-nas/plugins/report-console';
import { describe, expect, test } from 'vitest';
import { FakeConsole, SUMMARY } from './fake-run.js';

const DAY = 24 * 3600;
const MOST_BYTES = 200_000;
const MOST_SILENCE = 300;
const STAGES: readonly (readonly [StageName, share: number])[] = [
  ['backend', 0.001],
  ['data', 0.01],
  ['teacher', 0.001],
  ['space', 0.001],
  ['partition', 0.001],
  ['supernet', 0.001],
  ['distill', 0.6],
  ['rank', 0.1],
  ['search', 0.001],
  ['retrain', 0.284],
];
/** What comes out of a stage may be a whole architecture. */
const RESULT = Array.from({ length: 20 }, (_, layer) => `ir_r1_k5_s1_e6_c${layer}_se0.25`).join(' ');

/** What happens in a second of a stage, besides its work. */
type Second = (hooks: ReturnType<typeof createHooks>, second: number) => Promise<void> | undefined;

/** A day of a run on a clock that only the test moves; the seconds at which the log grew. */
async function simulateDay(each: Second, busy: (second: number) => boolean) {
  const hooks = createHooks();
  const console = new FakeConsole(false);
  reportTo(hooks, console);
  const spoken = [console.now()];
  const note = (before: number) => {
    if (console.progressText.length > before) spoken.push(console.now());
  };
  let second = 0;
  for (const [stage, share] of STAGES) {
    const seconds = Math.round(share * DAY);
    const event = {
      stage,
      description: `do what ${stage} does`,
      tasks: 40,
      tasksDone: 0,
      work: seconds * 1000,
      ahead: [{ stage: 'retrain' as const, work: 1e8 }],
    };
    await hooks.stageStarted.promise(event);
    spoken.push(console.now());
    for (const end = second + seconds; second < end; second++) {
      const before = console.progressText.length;
      console.pass(1);
      if (busy(second)) await hooks.workDone.promise({ stage, task: 'train-b1-c1', work: 1000 });
      await each(hooks, second);
      note(before);
    }
    await hooks.stageFinished.promise({ stage, seconds, result: RESULT });
    spoken.push(console.now());
  }
  await hooks.runFinished.promise({ summary: SUMMARY, folder: '/nowhere' });
  spoken.push(console.now());
  const gaps = spoken.slice(1).map((time, index) => time - spoken[index]!);
  return { text: console.progressText, longest: Math.max(...gaps) };
}

const epoch: Second = (hooks, second) =>
  second % 20 === 0
    ? hooks.epochFinished.promise({
        task: `train-b${(second % 6) + 1}-c1`,
        epoch: second,
        epochs: DAY,
        metrics: { loss: 0.123456, accuracy: 0.98765 },
      })
    : undefined;

const noisy: Second = async (hooks, second) => {
  await epoch(hooks, second);
  const words = `worker ${second} is\u001b[31m slow\r\n, ${'again and '.repeat(60)}`;
  if (second % 5 === 0) await hooks.noticed.promise(words);
};

describe('off a terminal, a day of a run', () => {
  test.each([
    ['that works all the time', epoch, () => true],
    ['that is silent for hours', epoch, (second: number) => Math.floor(second / 7200) % 2 === 0],
    ['that does nothing at all', () => undefined, () => false],
    ['that notes something every five seconds', noisy, () => true],
  ] as const)('%s is at most 200 kB, plain lines, never silent for over 5 minutes', async (_, each, busy) => {
    const { text, longest } = await simulateDay(each, busy);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
    expect(longest).toBeLessThanOrEqual(MOST_SILENCE);
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    for (const [stage] of STAGES) expect(text).toContain(`${stage}: done`);
  });

  test('says how many notes it left out', async () => {
    const { text } = await simulateDay(noisy, () => true);
    const taken = text.match(/^note: worker/gm)!.length;
    const left = [...text.matchAll(/(\d+) notes? before left out/g)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
    expect(taken).toBeGreaterThan(100);
    expect(taken + left).toBe(DAY / 5);
  });
});
