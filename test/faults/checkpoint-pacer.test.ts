import type { TaskContext } from 'dna-nas/core/stages';
import { CheckpointPacer } from 'dna-nas/core/work';
import { expect, test } from 'vitest';

/** A pacer whose saves take `milliseconds`, on a clock of its own. */
function pacing(checkpointSeconds: number, milliseconds: number) {
  const clock = { now: 0 };
  const told: [string, unknown][] = [];
  const context = {
    checkpointSeconds,
    store: { saveCheckpoint: () => (clock.now += milliseconds) },
    events: {
      timeSpent: (on: string, seconds: number) => told.push([on, seconds]),
      checkpointSaved: (event: unknown) => told.push(['saved', event]),
    },
  } as unknown as TaskContext;
  const pacer = new CheckpointPacer(context, () => clock.now);
  const state = () => ({ json: {}, tensors: new Map([['w', { shape: [2], data: new Float32Array(2) }]]) });
  return { clock, told, pacer, save: () => pacer.save([{ task: 't', step: 3, state }]) };
}

/** Share of ten hours of steps of 100 ms that saving took. */
function shareOf({ clock, pacer, save }: ReturnType<typeof pacing>): number {
  let saving = 0;
  while (clock.now < 36_000_000) {
    clock.now += 100;
    if (!pacer.due) continue;
    const began = clock.now;
    save();
    saving += clock.now - began;
  }
  return saving / clock.now;
}

test('saves every interval where saving is quick', () => {
  const quick = pacing(60, 44);
  quick.clock.now = 59_999;
  expect(quick.pacer.due).toBe(false);
  quick.clock.now = 60_000;
  expect(quick.pacer.due).toBe(true);
  quick.save();
  expect(quick.pacer.due).toBe(false);
  quick.clock.now += 60_000;
  expect(quick.pacer.due).toBe(true);
  expect(quick.told).toEqual([
    ['timeSpent', 0.044].map((value) => (value === 'timeSpent' ? 'checkpoint' : value)),
    ['saved', { task: 't', step: 3, bytes: 8, milliseconds: 44 }],
  ]);
});

test.each([44, 600, 5_000, 60_000])('saves of %d ms take one percent of the time at most', (milliseconds) => {
  expect(shareOf(pacing(60, milliseconds))).toBeLessThanOrEqual(0.01);
});

test('an interval below a second is kept as it is', () => {
  const each = pacing(0.001, 50);
  each.clock.now = 1;
  each.save();
  each.clock.now += 1;
  expect(each.pacer.due).toBe(true);
});
