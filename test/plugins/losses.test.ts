import type { Plugin } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { lossCosine, lossFeatureMse, lossL1, lossRelativeL1 } from 'dna-nas/plugins/losses';
import { describe, expect, it } from 'vitest';
import lossHuber from '../../examples/custom-loss/loss-huber.js';
import { onCpu } from './on-cpu.js';
import { answer } from './plugin-run.js';

onCpu();

/** Two images of 1×2 positions and three channels. */
const STUDENT = [1, -2, 0.5, 3, 0.25, -1, 2, 2, -0.5, 0.1, 0.2, 4];
const TEACHER = [0.5, 1, 0.75, 2.5, -1, -1.5, 2.2, 1, 0, 0.3, -0.4, 0.8];
const SHAPE: [number, number, number, number] = [2, 1, 2, 3];

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const errors = (student: readonly number[]) => student.map((value, index) => value - TEACHER[index]!);
const deviation = Math.sqrt(mean(TEACHER.map((value) => (value - mean(TEACHER)) ** 2)));

function cosineDistance(student: readonly number[]): number {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return mean(
    [0, 3, 6, 9].map((first) => {
      const [y, target] = [student.slice(first, first + 3), TEACHER.slice(first, first + 3)];
      return 1 - dot(y, target) / Math.sqrt(dot(y, y) * dot(target, target));
    }),
  );
}

const huber = (error: number) => (Math.abs(error) < 1 ? error ** 2 / 2 : Math.abs(error) - 0.5);

const LOSSES: [Plugin, (student: readonly number[]) => number][] = [
  [lossFeatureMse(), (student) => mean(errors(student).map((error) => error ** 2))],
  [lossL1(), (student) => mean(errors(student).map(Math.abs))],
  [lossRelativeL1(), (student) => mean(errors(student).map(Math.abs)) / deviation],
  [lossCosine(), cosineDistance],
  [lossHuber(), (student) => mean(errors(student).map(huber))],
];

describe.each(LOSSES.map(([plugin, expected]) => ({ name: plugin.name, plugin, expected })))(
  '$name',
  ({ name, plugin, expected }) => {
    it('is its formula', async () => {
      const loss = await answer(plugin, 'resolveLoss');
      const value = tf.tidy(
        () => loss.compute(tf.tensor(STUDENT, SHAPE), tf.tensor(TEACHER, SHAPE)).dataSync()[0]!,
      );
      expect(loss.name).toBe(name);
      expect(value).toBeCloseTo(expected(STUDENT), 5);
    });

    it('has the gradient of finite differences', async () => {
      const loss = await answer(plugin, 'resolveLoss');
      const gradient = tf.tidy(() => {
        const compute = tf.grad((student: tf.Tensor) => loss.compute(student, tf.tensor(TEACHER, SHAPE)));
        return compute(tf.tensor(STUDENT, SHAPE)).dataSync();
      });
      const step = 1e-6;
      const moved = (index: number, by: number) =>
        expected(STUDENT.map((value, i) => (i === index ? value + by : value)));
      for (const index of STUDENT.keys()) {
        expect(gradient[index]).toBeCloseTo((moved(index, step) - moved(index, -step)) / (2 * step), 4);
      }
    });
  },
);
