import { randomStream } from 'dna-nas/core';
import { type LossCurveState, LossRecorder } from 'dna-nas/nn/training';
import { expect, it } from 'vitest';

function draws(count: number): number[] {
  const random = randomStream('losses');
  return Array.from({ length: count }, () => random.uniform());
}

/** Records them; with `stopAt` through JSON in between, as a checkpoint does. */
function recorded(losses: readonly number[], stopAt?: number) {
  let recorder = new LossRecorder();
  losses.forEach((loss, at) => {
    if (at === stopAt)
      recorder = new LossRecorder(JSON.parse(JSON.stringify(recorder.state)) as LossCurveState);
    recorder.add(loss);
  });
  return recorder.state;
}

it.each([
  [100, 1, 100],
  [255, 1, 255],
  [256, 2, 128],
  [100_000, 512, 195],
])('%i steps are means of %i, %i of them', (steps, every, points) => {
  const losses = draws(steps);
  const { every: found, losses: means, open } = recorded(losses);
  expect(found).toBe(every);
  expect(means).toHaveLength(points);
  means.forEach((mean, at) => {
    const part = losses.slice(at * every, (at + 1) * every);
    expect(mean).toBeCloseTo(part.reduce((sum, loss) => sum + loss, 0) / every, 5);
  });
  expect(open.steps).toBe(steps - every * points);
});

it('a stop changes no bit', () => {
  const losses = draws(5000);
  for (const stopAt of [1, 255, 256, 1023, 4999]) expect(recorded(losses, stopAt)).toEqual(recorded(losses));
});

it('takes two kilobytes at most', () => {
  for (const steps of [255, 511, 1e6])
    expect(JSON.stringify(recorded(draws(steps))).length).toBeLessThan(2600);
});
