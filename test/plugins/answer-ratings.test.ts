import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { type RatingAnswerKlOptions, ratingAnswerKl } from 'dna-nas/plugins/ratings';
import { describe, expect, it } from 'vitest';
import { onCpu } from './on-cpu.js';
import { answer } from './plugin-run.js';

onCpu();

const [IMAGES, CLASSES] = [5, 7];

/** Logits as float32 holds them, an array an image. */
function draw(name: string, deviation = 3): number[][] {
  const random = randomStream('answers').fork(name);
  return Array.from({ length: IMAGES }, () =>
    Array.from({ length: CLASSES }, () => Math.fround(deviation * random.normal())),
  );
}

const [STUDENT, TEACHER] = [draw('student'), draw('teacher')];

function softmax(logits: readonly number[], temperature: number): number[] {
  const powers = logits.map((logit) => Math.exp(logit / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function divergence(temperature: number): number {
  const each = TEACHER.map((logits, image) => {
    const [p, q] = [softmax(logits, temperature), softmax(STUDENT[image]!, temperature)];
    return p.reduce((sum, probability, k) => sum + probability * Math.log(probability / q[k]!), 0);
  });
  return each.reduce((sum, value) => sum + value, 0) / IMAGES;
}

async function rate(student: number[][], teacher: number[][], options: Partial<RatingAnswerKlOptions> = {}) {
  const rating = await answer(ratingAnswerKl(options), 'resolveRating');
  expect(rating).toMatchObject({ name: 'rating-answer-kl', compares: 'answers' });
  return tf.tidy(() => rating.compute(tf.tensor2d(student), tf.tensor2d(teacher)).dataSync()[0]!);
}

describe('rating-answer-kl', () => {
  it.each([1, 0.5, 4])('is its formula in float64, at temperature %d', async (temperature) => {
    const found = await rate(STUDENT, TEACHER, { temperature });
    expect(Math.abs(found / divergence(temperature) - 1)).toBeLessThan(1e-5);
  });

  it('is 0 for the own answer of the teacher, and does not see what is added to all logits of an image', async () => {
    expect(await rate(TEACHER, TEACHER)).toBe(0);
    const shifted = STUDENT.map((logits, image) => logits.map((logit) => logit + 16 * image));
    expect(await rate(shifted, TEACHER)).toBeCloseTo(divergence(1), 4);
  });

  it('is finite where both are as sure as float32 can be', async () => {
    const sure = [[1000, 0, -1000]];
    expect(await rate([[-1000, 0, 1000]], sure)).toBe(2000);
    expect(await rate(sure, sure)).toBe(0);
  });

  it('refuses feature maps, which a ranking that knows no answers gives', async () => {
    const { compute } = await answer(ratingAnswerKl(), 'resolveRating');
    const map = tf.zeros([2, 4, 4, 3]);
    expect(() => compute(map, map)).toThrow(/logits \[n, classes\] .* expected, not \[2,4,4,3\]/);
    map.dispose();
  });

  it('leaves no tensor behind', async () => {
    const { compute } = await answer(ratingAnswerKl(), 'resolveRating');
    const [student, teacher] = [tf.tensor2d(STUDENT), tf.tensor2d(TEACHER)];
    const before = tf.memory().numTensors;
    compute(student, teacher).dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([student, teacher]);
  });
});
