import * as schedules from 'dna-nas/nn/schedules';
import { describe, expect, it } from 'vitest';

const { constant, cosine, exponential, perStep, step, warmUp } = schedules;

describe('schedules count epochs', () => {
  it('constant', () => {
    expect([0, 3.5, 100].map(constant(0.1))).toEqual([0.1, 0.1, 0.1]);
  });

  it('step falls at whole intervals', () => {
    const schedule = step({ rate: 0.064, every: 3, factor: 0.963 });
    expect(schedule(2.99)).toBe(0.064);
    expect(schedule(3)).toBeCloseTo(0.064 * 0.963, 12);
    expect(schedule(499)).toBeCloseTo(0.064 * 0.963 ** 166, 12);
    // k · 2.4 / 2.4 is below k for some k in floating point.
    const fractional = step({ rate: 1, every: 2.4, factor: 0.5 });
    for (let k = 0; k < 50; k++) expect(fractional(k * 2.4)).toBe(0.5 ** k);
    for (let k = 0; k < 50; k++) expect(fractional(k * 2.4 + 2.3)).toBe(0.5 ** k);
  });

  it('exponential passes the same points smoothly', () => {
    const schedule = exponential({ rate: 0.002, factor: 0.9 });
    expect(schedule(0)).toBe(0.002);
    expect(schedule(2)).toBeCloseTo(0.00162, 12);
    expect(exponential({ rate: 1, factor: 0.25, every: 4 })(2)).toBeCloseTo(0.5, 12);
  });

  it('cosine reaches its end and stays', () => {
    const schedule = cosine({ rate: 1, epochs: 10, final: 0.1 });
    expect(schedule(0)).toBe(1);
    expect(schedule(5)).toBeCloseTo(0.55, 12);
    expect(schedule(2.5)).toBeCloseTo(0.1 + 0.9 * (0.5 + Math.SQRT1_2 / 2), 12);
    expect([10, 11].map(schedule)).toEqual([0.1, 0.1]);
  });

  it('warm-up rises to the beginning of the schedule, which counts on beneath it or starts behind it', () => {
    const inner = step({ rate: 0.064, every: 3, factor: 0.5 });
    const hidden = warmUp(inner, { epochs: 5, from: 0.004 });
    expect(hidden(0)).toBeCloseTo(0.004, 12);
    expect(hidden(2.5)).toBeCloseTo(0.034, 12);
    expect(hidden(5)).toBeCloseTo(0.032, 12);
    const shifted = warmUp(inner, { epochs: 5, shift: true });
    expect(shifted(1)).toBeCloseTo(0.0128, 12);
    expect(shifted(5)).toBe(0.064);
    expect(warmUp(inner, { epochs: 0 })(0)).toBe(0.064);
  });

  it('perStep divides by the steps of an epoch', () => {
    const rate = perStep(exponential({ rate: 1, factor: 0.5 }), 20);
    expect(rate(40)).toBe(0.25);
  });

  it.each([
    [() => constant(-1), /"rate" must be a number of 0 or more, not -1/],
    [() => step({ rate: 1, every: 0, factor: 1 }), /"every" must be a number above 0, not 0/],
    [() => cosine({ rate: 1, epochs: Number.NaN }), /"epochs" must be a number above 0, not NaN/],
    [() => perStep(constant(1), 0), /"stepsPerEpoch"/],
  ])('refuses %s', (make, message) => {
    expect(make).toThrow(message);
  });
});
