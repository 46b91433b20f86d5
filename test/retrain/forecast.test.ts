import { describeNetwork, planRun } from 'dna-nas/run-tools';
import { beforeAll, describe, expect, it } from 'vitest';
import { tinyProject, tinyRequest } from '../run/tiny-run.js';

const [TRAIN, TEST, BATCH, EPOCHS] = [192, 48, 16, 3];
const STEPS = (EPOCHS * TRAIN) / BATCH;
/** Passes over an image: a step's forward and backward count as three. */
const TRAINING = 3 * STEPS * BATCH;

const DEAREST = 'ir_r1_k5_s2_e2_c8_se0.25 | ir_r1_k5_s2_e2_c16_se0.25 ir_r1_k5_s1_e2_c16_se0.25';

let project: string;
/** Multiply-adds on an image of the network of the last operations of each block's first cell, layer by layer. */
let macs: number;

const BASE = [`data.test=${TEST}`, 'retrain.movingAverage=0', 'retrain.evaluateEvery=0'];
const request = (set: readonly string[]) => tinyRequest(project, { set: [...BASE, ...set] });

/** What `dna plan` says of the training of networks. */
async function forecast(...set: string[]) {
  const { stages } = await planRun(request(set), { seconds: 0 });
  return stages.find(({ stage }) => stage === 'retrain')!;
}

beforeAll(async () => {
  project = await tinyProject();
  const { layers } = await describeNetwork(request([]), DEAREST);
  macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
});

describe('the forecast of trainings', () => {
  it.each([
    ['both networks', [], 2, 1, 1],
    ['the found network alone', ['retrain.networks=[found]', 'retrain.randomNetworks=4'], 1, 1, 1],
    ['one random network', ['retrain.networks=[random]'], 1, 1, 1],
    ['the found and four random networks', ['retrain.randomNetworks=4'], 5, 1, 1],
    ['a measurement every epoch', ['retrain.evaluateEvery=1'], 2, 3, 1],
    ['one every second epoch, and at the end', ['retrain.evaluateEvery=2'], 2, 2, 1],
    ['weights and their average', ['retrain.movingAverage=0.9'], 2, 1, 2],
    ['both, each epoch', ['retrain.movingAverage=0.9', 'retrain.evaluateEvery=1'], 2, 3, 2],
  ])('counts %s', async (_, set, networks, measurements, weights) => {
    const found = await forecast(...set);
    // The teacher sees the test images, too; a network and the average of its weights see them together.
    const images = networks * STEPS * BATCH + (networks * measurements + 1) * TEST;
    expect(found).toMatchObject({ steps: networks * STEPS, images });
    expect(found.macs).toBeCloseTo(networks * (TRAINING + measurements * weights * TEST) * macs, 3);
  });

  it('counts a wider network by the square of its channels, and a deeper one by its layers', async () => {
    const found = await forecast('retrain.scale={width: 2, depth: 1.5}');
    expect(found.macs).toBeCloseTo(2 * (TRAINING + TEST) * 4 * 1.5 * macs, 3);
  });

  it('counts steps of the held-out images where they are trained on', async () => {
    const { steps } = await forecast('retrain.images=all');
    expect(steps).toBe((2 * EPOCHS * (TRAIN + 64)) / BATCH);
  });

  it('names the networks', async () => {
    const named = async (...set: string[]) => {
      const { findings } = await planRun(request(set), { seconds: 0 });
      return findings.find(({ check }) => check === 'retrain')!.text;
    };
    expect(await named()).toBe('train found and random network from scratch');
    expect(await named('retrain.randomNetworks=3')).toBe(
      'train found network and 3 random networks from scratch',
    );
  });
});
