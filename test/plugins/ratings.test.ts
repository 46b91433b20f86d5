import type { Plugin } from 'dna-nas/core';
import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import {
  ratingL1Mean,
  ratingMseVariance,
  ratingRelativeL1,
  ratingRmseDeviation,
} from 'dna-nas/plugins/ratings';
import { describe, expect, it } from 'vitest';
import { onCpu } from './on-cpu.js';
import { answer } from './plugin-run.js';

onCpu();

const SHAPE: [number, number, number, number] = [4, 5, 3, 7];
const SIZE = SHAPE.reduce((product, extent) => product * extent, 1);

/** Features with a mean of their own, as float32 holds them. */
function features(name: string, mean: number, deviation: number): number[] {
  const values = new Float32Array(SIZE);
  const random = randomStream('ratings').fork(name);
  for (let index = 0; index < SIZE; index++) values[index] = mean + deviation * (random.uniform() - 0.5);
  return [...values];
}

const STUDENT = features('student', 0.4, 3);
const TEACHER = features('teacher', 0.7, 2);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const errors = STUDENT.map((value, index) => value - TEACHER[index]!);
const l1 = mean(errors.map(Math.abs));
const mse = mean(errors.map((error) => error ** 2));
const variance = mean(TEACHER.map((value) => (value - mean(TEACHER)) ** 2));

const RATINGS: [Plugin, number][] = [
  [ratingRelativeL1(), l1 / Math.sqrt(variance)],
  [ratingMseVariance(), mse / variance],
  [ratingRmseDeviation(), Math.sqrt(mse) / Math.sqrt(variance)],
  [ratingL1Mean(), l1 / mean(TEACHER.map(Math.abs))],
];

describe.each(RATINGS.map(([plugin, expected]) => ({ name: plugin.name, plugin, expected })))(
  '$name',
  ({ name, plugin, expected }) => {
    const rate = async (student: readonly number[], teacher: readonly number[]) => {
      const rating = await answer(plugin, 'resolveRating');
      expect(rating.name).toBe(name);
      return tf.tidy(
        () => rating.compute(tf.tensor([...student], SHAPE), tf.tensor([...teacher], SHAPE)).dataSync()[0]!,
      );
    };

    it('is its formula in float64', async () => {
      expect(Math.abs((await rate(STUDENT, TEACHER)) / expected - 1)).toBeLessThan(1e-6);
    });

    it('is 0 for the teacher itself, and the same at another scale', async () => {
      expect(await rate(TEACHER, TEACHER)).toBe(0);
      const scaled = (values: readonly number[]) => values.map((value) => 8 * value);
      expect(await rate(scaled(STUDENT), scaled(TEACHER))).toBeCloseTo(expected, 5);
    });

    it('leaves no tensor behind', async () => {
      const rating = await answer(plugin, 'resolveRating');
      const [student, teacher] = [tf.tensor(STUDENT, SHAPE), tf.tensor(TEACHER, SHAPE)];
      const before = tf.memory().numTensors;
      rating.compute(student, teacher).dispose();
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([student, teacher]);
    });
  },
);
