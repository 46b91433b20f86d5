import { forecastRun, forecastWork } from 'dna-nas/run-tools/runs';
import { describe, expect, test } from 'vitest';

/** Reports of a stage, a second each, whose speed may change with its share of the time. */
function stage(seconds: number, speed: (share: number) => number) {
  return Array.from({ length: seconds }, (_, at) => ({ at: at + 1, work: speed(at / seconds) }));
}

/** The forecast after a share of the stage's time. */
function after(share: number, all: readonly { at: number; work: number }[]) {
  const total = all.at(-1)!.at;
  const now = share * total;
  const work = all.reduce((sum, one) => sum + one.work, 0);
  const done = all.filter(({ at }) => at <= now);
  const left = work - done.reduce((sum, one) => sum + one.work, 0);
  return { told: forecastWork({ done, left, work, now })!, rest: total - now };
}

const TENTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenth) => tenth / 10);

describe('what is left of a stage', () => {
  test.each([
    ['even', () => 10],
    ['uneven', (share: number) => 10 + 3 * Math.sin(200 * share)],
    ['slow for its first seconds', (share: number) => (share < 0.03 ? 1 : 10)],
  ])('is within a fifth from the first tenth on: %s', (_, speed) => {
    const all = stage(600, speed);
    for (const share of TENTHS) {
      const { told, rest } = after(share, all);
      expect(Math.abs(told.seconds - rest) / rest, `after ${share}`).toBeLessThan(0.2);
      expect(told.low).toBeLessThanOrEqual(rest);
      expect(told.high).toBeGreaterThanOrEqual(rest);
    }
  });

  test('before that the range is wider', () => {
    const all = stage(600, () => 10);
    const width = (share: number) => {
      const { told } = after(share, all);
      return told.high / told.low;
    };
    expect(width(0.05)).toBeGreaterThan(2);
    expect(width(0.5)).toBeLessThan(1.5);
  });

  test('follows a change of speed, and says meanwhile that it may be off', () => {
    const all = stage(600, (share) => (share < 0.5 ? 10 : 5));
    const [before, meanwhile] = [after(0.5, all).told, after(0.55, all).told];
    expect(meanwhile.high / meanwhile.low).toBeGreaterThan((1.1 * before.high) / before.low);
    for (const share of [0.8, 0.9]) {
      const later = after(share, all);
      expect(Math.abs(later.told.seconds - later.rest) / later.rest).toBeLessThan(0.2);
    }
  });

  test('goes down while nothing is told, and never below zero', () => {
    const done = stage(100, () => 10);
    const at = (now: number) => forecastWork({ done, left: 1000, work: 2000, now })!.seconds;
    expect(at(130)).toBeCloseTo(at(100) - 30, 6);
    expect(at(1000)).toBe(0);
  });

  test('is not known before anything is done', () => {
    expect(forecastWork({ done: [], left: 10, work: 10, now: 5 })).toBeUndefined();
  });
});

describe('the time left of a run', () => {
  const ahead = [{ stage: 'retrain', work: 1000 }] as const;
  const soFar = (seconds: number) => {
    const done = stage(seconds, () => 10);
    return { done, left: 0, work: 10 * seconds, now: seconds };
  };

  /** What a later stage opens and saves, beside its work. */
  const OPENING = 1.5;

  test('prices later stages at the speed of the stage at work, and what they open', () => {
    const { seconds, low, high } = forecastRun({ ...soFar(60), ahead })!;
    expect(seconds).toBeCloseTo(100 + OPENING, 0);
    expect(high).toBeCloseTo(2 * (100 + OPENING), -1);
    expect(low).toBeCloseTo((100 + OPENING) / 2, -1);
  });

  test('is a range alone while the stage at work is young, and a wider one', () => {
    const { low, high, ...rest } = forecastRun({ ...soFar(10), ahead })!;
    expect(rest).toEqual({});
    expect(high).toBeCloseTo(2 * (100 + OPENING), -1);
    expect(low).toBeCloseTo((100 + OPENING) / 4, -1);
    expect(forecastRun({ ...soFar(10), left: 40, ahead: [] })!.seconds).toBeCloseTo(4, 6);
  });

  test('is a range alone for minutes where little is done beside what is to come', () => {
    const isTold = (seconds: number, work: number) => {
      const run = forecastRun({ ...soFar(seconds), ahead: [{ stage: 'rank', work }] })!;
      return run.seconds !== undefined;
    };
    expect([isTold(60, 7 * 600), isTold(60, 9 * 600), isTold(660, 9 * 6600)]).toEqual([true, false, true]);
  });

  test('is not known while the stage has only opened what it needs, but for the last stage', () => {
    const opening = { done: [{ at: 4, work: 10 }], left: 90, work: 100, now: 4 };
    expect(forecastRun({ ...opening, ahead })).toBeUndefined();
    expect(forecastRun({ ...opening, ahead: [] })!.seconds).toBeCloseTo(36, 6);
  });
});
