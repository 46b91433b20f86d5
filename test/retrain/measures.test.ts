import { randomStream } from 'dna-nas/core';
import type { Dataset } from 'dna-nas/core/contracts';
import { tf } from 'dna-nas/nn';
import { BatchNorm, restyleBatchNorms } from 'dna-nas/nn/layers';
import { labelRanks, measureAccuracy } from 'dna-nas/nn/training';
import { spaceMbconv } from 'dna-nas/plugins/space-mbconv';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';
import { answer } from '../plugins/plugin-run.js';

onCpu();

describe('accuracy', () => {
  it('ranks labels among the logits, ties to the lower class, and a NaN as wrong', () => {
    const logits = tf.tensor2d([3, 1, 2, 0, 5, 5, 1, 5, Number.NaN, 1, 2, 3], [3, 4]);
    expect(labelRanks(logits, Int32Array.of(2, 1, 0))).toEqual([1, 1, Number.POSITIVE_INFINITY]);
    expect(labelRanks(logits, Int32Array.of(0, 0, 3))).toEqual([0, 0, 0]);
    logits.dispose();
  });

  it('counts one and five guesses over a whole split, the last batch too', async () => {
    // Image i holds the rank that its label 0 gets among 8 classes.
    const ranks = [0, 4, 5, 7, 0, 1, 6];
    const image = { height: 1, width: 1, channels: 1 };
    const dataset = {
      description: { image, classes: 8, size: { train: 0, validation: 0, test: ranks.length } },
      read: (_: string, indices: Uint32Array) => ({
        images: Float32Array.from(indices, (index) => ranks[index]!),
        labels: new Int32Array(indices.length),
      }),
    } as unknown as Dataset;
    const classify = (images: tf.Tensor4D) => {
      const values = Array.from(images.dataSync(), (rank) =>
        Array.from({ length: 8 }, (_, label) => (label === 0 ? 0 : label <= rank ? 1 : -1)),
      );
      return tf.tensor2d(values);
    };
    const told: number[] = [];
    const request = {
      split: 'test',
      batch: 3,
      progress: (images: number) => void told.push(images),
    } as const;
    const found = await measureAccuracy(classify, dataset, request);
    const right = Buffer.of(0b001_0001).toString('base64');
    expect(found).toMatchObject({ top1: 2 / 7, top5: 4 / 7, images: 7, right });
    expect(told).toEqual([3, 3, 1]);
  });
});

describe('batch norm by recipe', () => {
  it('reaches every norm of a network, and what is absent stays', async () => {
    const space = await answer(spaceMbconv(), 'resolveSpace');
    const options = { image: { height: 32, width: 32, channels: 3 }, classes: 4 };
    const norms = (network: unknown): BatchNorm[] =>
      network instanceof BatchNorm
        ? [network]
        : [...(network as BatchNorm).children().values()].flatMap((child) => norms(child));
    for (const text of ['dna-a', 'ir_r1_k3_s2_e2_c8 | ir_r1_k5_s2_e6_c16_se0.25']) {
      const made = space.planNetwork!(text).create({ ...options, batchNorm: { epsilon: 1e-3 } });
      expect(norms(made).length).toBeGreaterThan(5);
      for (const { epsilon, momentum } of norms(made))
        expect({ epsilon, momentum }).toEqual({ epsilon: 1e-3, momentum: 0.1 });
    }
  });

  it('changes what is computed', () => {
    const norm = new BatchNorm({ channels: 1, epsilon: 1e-5 });
    norm.initialise(randomStream('norm'));
    const y = () =>
      tf.tidy(() => norm.forward(tf.tensor4d([1, 2], [1, 1, 2, 1]), { mode: 'evaluate' }).dataSync()[1]);
    expect(y()).toBeCloseTo(2 / Math.sqrt(1 + 1e-5), 6);
    restyleBatchNorms(norm, { epsilon: 3 });
    expect(y()).toBeCloseTo(1, 6);
    norm.dispose();
  });
});

it('a network outside of the space has the parameters of its blocks, stem and head', async () => {
  const space = await answer(spaceMbconv(), 'resolveSpace');
  const options = { image: { height: 224, width: 224, channels: 3 }, classes: 1000 };
  const b0 =
    'ir_r2_k3_s2_e6_c24_se0.25 | ir_r2_k5_s2_e6_c40_se0.25 | ir_r3_k3_s2_e6_c80_se0.25 | ' +
    'ir_r3_k5_s1_e6_c112_se0.25 | ir_r4_k5_s2_e6_c192_se0.25 | ir_r1_k3_s1_e6_c320_se0.25';
  // EfficientNet-B0's count; one layer of block 5 more than the space has would be outside of it.
  const { params, macs } = space.planNetwork!(b0).create(options).cost(options.image);
  expect({ params, macs }).toEqual({ params: 5_288_548, macs: 385_814_752 });
  const outside = b0.replace('ir_r4_k5', 'ir_r6_k9');
  expect(() => space.parseArchitecture(outside)).toThrow(/not in the space/);
  expect(space.planNetwork!(outside).create(options).cost(options.image).params).toBeGreaterThan(params);
  expect(space.planNetwork!(outside).text).toContain('ir_r6_k9_s2_e6_c192_se0.25');
});
