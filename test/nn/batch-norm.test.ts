import { randomStream } from 'dna-nas/core';
import type { Mode } from 'dna-nas/core/contracts';
import { CALIBRATE, EVALUATE, tf } from 'dna-nas/nn';
import { BatchNorm } from 'dna-nas/nn/layers';
import { describe, expect, it } from 'vitest';
import { difference, normal, onCpu, scatter, take } from './tensors.js';

onCpu();

const CHANNELS = 3;
const SHAPE = [4, 2, 2, CHANNELS];
const COUNT = 16;

function batchStatistics(x: tf.Tensor) {
  const data = x.dataSync();
  const mean = [0, 0, 0];
  const unbiased = [0, 0, 0];
  data.forEach((value, index) => {
    mean[index % CHANNELS]! += value / COUNT;
  });
  data.forEach((value, index) => {
    unbiased[index % CHANNELS]! += (value - mean[index % CHANNELS]!) ** 2 / (COUNT - 1);
  });
  return { mean, unbiased };
}

function setUp(momentum: number) {
  const norm = new BatchNorm({ channels: CHANNELS, momentum, epsilon: 1e-3, activation: 'relu6' });
  scatter(norm, 'norm');
  const x = normal(SHAPE, randomStream('x'));
  const read = () => ({
    mean: [...norm.runningMean.value.dataSync()],
    variance: [...norm.runningVariance.value.dataSync()],
  });
  const free = () => {
    x.dispose();
    norm.dispose();
  };
  return { norm, x, read, free };
}

function run(norm: BatchNorm, x: tf.Tensor, mode: Mode): Float32Array {
  return take(norm.forward(x, { mode }));
}

describe('BatchNorm', () => {
  it('train moves the running statistics by momentum, the variance unbiased', () => {
    const { norm, x, read, free } = setUp(0.3);
    const before = read();
    const batch = batchStatistics(x);
    run(norm, x, 'train');
    const after = read();
    const move = (old: number[], target: number[]) => old.map((value, c) => 0.7 * value + 0.3 * target[c]!);
    expect(difference(after.mean, move(before.mean, batch.mean))).toBeLessThan(1e-6);
    expect(difference(after.variance, move(before.variance, batch.unbiased))).toBeLessThan(1e-6);
    free();
  });

  it("calibrate makes the batch's statistics the running ones and normalises as train does", () => {
    const { norm, x, read, free } = setUp(0.3);
    const trained = run(norm, x, 'train');
    expect(run(norm, x, 'calibrate')).toEqual(trained);
    const batch = batchStatistics(x);
    expect(difference(read().mean, batch.mean)).toBeLessThan(1e-6);
    expect(difference(read().variance, batch.unbiased)).toBeLessThan(1e-6);
    free();
  });

  it('evaluate uses the running statistics and changes nothing', () => {
    const { norm, x, read, free } = setUp(0.1);
    const before = read();
    const found = run(norm, x, 'evaluate');
    expect(read()).toEqual(before);
    const [weight, bias] = [norm.weight.value.dataSync(), norm.bias.value.dataSync()];
    const expected = Array.from(x.dataSync(), (value, index) => {
      const c = index % CHANNELS;
      const standard = (value - before.mean[c]!) / Math.sqrt(before.variance[c]! + 1e-3);
      return Math.min(Math.max(standard * weight[c]! + bias[c]!, 0), 6);
    });
    expect(difference(found, expected)).toBeLessThan(1e-6);
    expect(run(norm, x, 'train')).not.toEqual(found);
    free();
  });

  it('keeps the identity of its running statistics, which others may hold', () => {
    const { norm, x, free } = setUp(0.1);
    const held = norm.runningMean.value;
    norm.forward(x, CALIBRATE).dispose();
    expect(norm.runningMean.value).toBe(held);
    free();
  });

  it('works behind no convolution too: [n, c]', () => {
    const norm = new BatchNorm({ channels: 2 });
    scatter(norm, 'rows');
    const x = normal([5, 2], randomStream('x'));
    const y = norm.forward(x, EVALUATE);
    expect(y.shape).toEqual([5, 2]);
    tf.dispose([x, y]);
    norm.dispose();
  });

  it('refuses a batch of one value a channel', () => {
    const norm = new BatchNorm({ channels: 2 });
    scatter(norm, 'one');
    const x = normal([1, 1, 1, 2], randomStream('x'));
    expect(() => norm.forward(x, { mode: 'train' })).toThrow(/more than one value a channel/);
    x.dispose();
    norm.dispose();
  });
});
