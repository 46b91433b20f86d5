import { beforeEach, expect, it } from 'vitest';
import { FeatureRing, ringBytes } from '../../dist/plugins/distill/feature-ring.js';

const SHAPE = { slots: 3, threads: 2, floats: 4 };
const END = 6;

/** Steps that were computed, by whom. */
let made: string[];
let memory: SharedArrayBuffer;

/** A thread's view; it stops where it would wait, as the other one is this thread too. */
function threadsRing(thread: number, start: number) {
  const checkStop = () => {
    throw new Error(`thread ${thread} waits`);
  };
  const ring = new FeatureRing(SHAPE, { memory, thread, start, end: END, checkStop });
  const take = (step: number) =>
    ring.take(step, async (produced, into) => {
      made.push(`${thread}:${produced}`);
      into.fill(produced);
    });
  return { ring, take };
}

/** The first thread begins at step 3, the second at step 1; the second joins first. */
function joined() {
  const [mine, other] = [threadsRing(0, 3), threadsRing(1, 1)];
  expect(() => other.ring.join()).toThrow('thread 1 waits');
  mine.ring.join();
  return { mine, other };
}

beforeEach(() => {
  made = [];
  memory = new SharedArrayBuffer(ringBytes(SHAPE));
});

it('begins at the first step that any thread needs, and computes each step once', async () => {
  const { mine, other } = joined();
  expect(await mine.take(3)).toEqual(new Float32Array(4).fill(3));
  expect(await other.take(1)).toEqual(new Float32Array(4).fill(1));
  expect(await other.take(2)).toEqual(new Float32Array(4).fill(2));
  expect(made).toEqual(['0:1', '0:2', '0:3']);
});

it('computes no step over one that a thread has not finished with', async () => {
  const { mine, other } = joined();
  await mine.take(3);
  mine.ring.release(3);
  await expect(mine.take(4)).rejects.toThrow('thread 0 waits');
  expect(await other.take(1)).toEqual(new Float32Array(4).fill(1));
  other.ring.release(1);
  expect(await mine.take(4)).toEqual(new Float32Array(4).fill(4));
  expect(await other.take(2)).toEqual(new Float32Array(4).fill(2));
  await expect(mine.take(5)).rejects.toThrow('thread 0 waits');
  expect(made).toEqual(['0:1', '0:2', '0:3', '0:4']);
});

it('computes none behind the last', async () => {
  const { mine, other } = joined();
  other.ring.release(END - 1);
  await mine.take(3);
  mine.ring.release(4);
  expect(await other.take(5)).toEqual(new Float32Array(4).fill(5));
  mine.ring.release(END - 1);
  await expect(mine.take(END)).rejects.toThrow('thread 0 waits');
  expect(made).toEqual(['0:1', '0:2', '0:3', '1:4', '1:5']);
});

it('tells the seconds that a thread has waited', async () => {
  const began = performance.now();
  const { mine } = joined();
  const took = (performance.now() - began) / 1000;
  expect(mine.ring.secondsWaited).toBeGreaterThan(0);
  expect(mine.ring.secondsWaited).toBeLessThan(took);
});

it('has room for its control words and the features of all slots', () => {
  // Three words of its own, one a slot and one a thread.
  expect(ringBytes(SHAPE)).toBe(4 * (3 + 3 + 2 + 3 * 4));
});
