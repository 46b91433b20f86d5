import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandTools, type JsonObject, randomStream } from 'dna-nas/core';
import type { StateDict } from 'dna-nas/core/contracts';
import { readSafetensors, toStateDict, writeSafetensors } from 'dna-nas/files';
import { EVALUATE, tf } from 'dna-nas/nn';
import { EfficientNet, efficientNetSpec } from 'dna-nas/nn/networks';
import { loadStateDict, stateDict } from 'dna-nas/nn/weights';
import { dataSynthetic } from 'dna-nas/plugins/data-synthetic';
import { teacherEfficientnet } from 'dna-nas/plugins/teacher-efficientnet';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onCpu } from './on-cpu.js';
import { answer } from './plugin-run.js';

const ARCHITECTURE = { name: 'tiny', stem: 4, stages: ['ds_r1_k3_s1_e1_c4', 'ir_r1_k3_s2_e2_c8'], head: 8 };
const DATA = { size: 8, classes: 3, train: 90, validation: 30, test: 30, noise: 0.2 };
/** A training of all layers that moves none. */
const STILL = { epochs: 1, learningRate: 1e-12, patience: 0, movingAverage: 0 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dna-tuning-'));
  const network = create({ inputChannels: 3, classes: 5 }).initialise(randomStream(7));
  const note = { architecture: ARCHITECTURE, image: { height: 8, width: 8, channels: 3 }, classes: 5 };
  writeFileSync(
    join(folder, 'known.safetensors'),
    writeSafetensors(stateDict(network), { teacher: JSON.stringify(note) }),
  );
  network.dispose();
});
afterAll(() => rmSync(folder, { recursive: true }));
onCpu();

it('draws the classifier anew, for as many classes too', async () => {
  const known = toStateDict(readSafetensors(readFileSync(join(folder, 'known.safetensors'))));
  const note = { architecture: ARCHITECTURE, image: { height: 8, width: 8, channels: 3 }, classes: 3 };
  // The same network but for its classifier, which has the classes of the data already.
  const sharp = { shape: [3, 8], data: new Float32Array(24).fill(9) };
  const biased = { shape: [3], data: Float32Array.of(9, -9, 0) };
  const tensors = new Map([...known, ['classifier.weight', sharp], ['classifier.bias', biased]]);
  writeFileSync(
    join(folder, 'as-many.safetensors'),
    writeSafetensors(tensors as StateDict, { teacher: JSON.stringify(note) }),
  );
  const [five, three] = [
    await tune({ ...STILL, frozenSteps: 1 }),
    await tune({ ...STILL, frozenSteps: 1, from: 'as-many.safetensors' }),
  ];
  expect(three.tensors.get('classifier.weight')!.shape).toEqual([3, 8]);
  expect(three.tensors).toEqual(five.tensors);
});

function create({ inputChannels, classes }: { inputChannels: number; classes: number }): EfficientNet {
  const stages = ARCHITECTURE.stages.map((stage) => [stage]);
  const spec = { stem: 4, head: 8, stages, inputChannels, classes, batchNorm: { epsilon: 1e-3 } };
  return new EfficientNet(efficientNetSpec(spec));
}

/** What the command writes and says. */
async function tune(changes: JsonObject): Promise<{ tensors: StateDict; notes: string[]; text: string }> {
  const command = teacherEfficientnet.definition.commands!.find(({ name }) => name === 'teacher train')!;
  const defaults = Object.entries(command.options.properties).map(([name, option]) => [name, option.default]);
  const [printed, notes]: [string[], string[]] = [[], []];
  const tools: CommandTools = {
    project: folder,
    print: (text) => printed.push(text),
    note: (text) => notes.push(text),
  };
  const out = `tuned-${Math.random()}.safetensors`;
  const common = { data: 'synthetic', dataOptions: DATA, backend: 'cpu', batch: 30, out };
  await command.run(
    { ...(Object.fromEntries(defaults) as JsonObject), ...common, from: 'known.safetensors', ...changes },
    tools,
  );
  return {
    tensors: toStateDict(readSafetensors(readFileSync(join(folder, out)))),
    notes,
    text: printed.join(),
  };
}

/** Features of the training images by the weights of a tuned network, and their labels. */
async function featuresOf(tensors: StateDict): Promise<{ rows: number[][]; labels: number[] }> {
  const source = await answer(dataSynthetic(DATA), 'resolveData', {
    project: folder,
  });
  const dataset = await source.open();
  const network = create({ inputChannels: 1, classes: 3 });
  loadStateDict(network, tensors);
  const { images, labels } = await dataset.read(
    'train',
    Array.from({ length: DATA.train }, (_, index) => index),
  );
  const pooled = tf.tidy(() => network.pooled(tf.tensor4d(images, [DATA.train, 8, 8, 1]), EVALUATE));
  const rows = pooled.arraySync() as number[][];
  pooled.dispose();
  network.dispose();
  return { rows, labels: [...labels] };
}

/** What scikit-learn's LogisticRegression(C=1) minimises, in float64: weights [classes][features], biases. */
function objective(weights: number[][], biases: number[], data: { rows: number[][]; labels: number[] }) {
  let value = weights.flat().reduce((sum, weight) => sum + weight * weight, 0) / 2;
  const gradient = weights.map((row) => [...row]);
  const biasGradient = biases.map(() => 0);
  for (const [at, row] of data.rows.entries()) {
    const logits = weights.map((own, k) =>
      own.reduce((sum, weight, f) => sum + weight * row[f]!, biases[k]!),
    );
    const most = Math.max(...logits);
    const exponentials = logits.map((logit) => Math.exp(logit - most));
    const total = exponentials.reduce((sum, one) => sum + one, 0);
    const label = data.labels[at]!;
    value += Math.log(total) + most - logits[label]!;
    for (const [k, one] of exponentials.entries()) {
      const error = one / total - (k === label ? 1 : 0);
      biasGradient[k]! += error;
      for (const [f, x] of row.entries()) gradient[k]![f]! += error * x;
    }
  }
  return { value, gradient, biasGradient };
}

/** The optimum, by plain descent. */
function optimum(data: { rows: number[][]; labels: number[] }): number {
  const weights = Array.from({ length: 3 }, () => data.rows[0]!.map(() => 0));
  const biases = [0, 0, 0];
  const rate =
    1 / (1 + data.rows.reduce((sum, row) => sum + 1 + row.reduce((all, x) => all + x * x, 0), 0) / 2);
  for (let step = 0; step < 10_000; step++) {
    const { gradient, biasGradient } = objective(weights, biases, data);
    for (const [k, row] of gradient.entries()) {
      for (const [f, slope] of row.entries()) weights[k]![f]! -= rate * slope;
      biases[k]! -= rate * biasGradient[k]!;
    }
  }
  return objective(weights, biases, data).value;
}

it('finds the classifier that a logistic regression on the features finds', async () => {
  const { tensors } = await tune({ ...STILL, frozenSteps: 400 });
  const data = await featuresOf(tensors);
  const { shape, data: flat } = tensors.get('classifier.weight')!;
  expect(shape).toEqual([3, 8]);
  const weights = [0, 1, 2].map((k) => [...flat.subarray(k * 8, (k + 1) * 8)]);
  const found = objective(weights, [...tensors.get('classifier.bias')!.data], data).value;
  expect(found / optimum(data)).toBeLessThan(1.002);
});

it('begins with the weights, grey images seen as in each channel, and moves early layers least', async () => {
  const known = toStateDict(readSafetensors(readFileSync(join(folder, 'known.safetensors'))));
  const still = await tune({ ...STILL, frozenSteps: 1 });
  const stem = known.get('conv_stem.weight')!;
  const summed = Array.from({ length: stem.shape[0]! * 9 }, (_, at) =>
    [0, 1, 2].reduce((sum, c) => sum + stem.data[Math.floor(at / 9) * 27 + c * 9 + (at % 9)]!, 0),
  );
  expect([...still.tensors.get('conv_stem.weight')!.data]).toEqual(
    summed.map((one) => expect.closeTo(one, 5)),
  );
  const moved = await tune({ ...STILL, learningRate: 0.1, layerDecay: 0.01, frozenSteps: 1 });
  const distance = (name: string) => {
    const [before, after] = [still, moved].map(({ tensors }) => tensors.get(name)!.data);
    return Math.hypot(...after!.map((value, at) => value - before![at]!)) / Math.hypot(...before!);
  };
  expect(distance('conv_head.weight')).toBeGreaterThan(0);
  expect(distance('conv_head.weight')).toBeGreaterThan(20 * distance('blocks.1.0.conv_pwl.weight'));
  // The statistics stay those that the weights came with.
  expect(moved.tensors.get('bn2.running_mean')).toEqual(known.get('bn2.running_mean'));
  const batch = await tune({ ...STILL, frozenSteps: 1, statistics: 'batch' });
  expect(batch.tensors.get('bn2.running_mean')).not.toEqual(known.get('bn2.running_mean'));
});

it('ends where held-out images get no better, with the best weights', async () => {
  const wild = {
    epochs: 9,
    learningRate: 50,
    layerDecay: 1,
    frozenSteps: 300,
    warmUpEpochs: 0,
    movingAverage: 0,
  };
  const { tensors, notes, text } = await tune({ ...wild, patience: 2 });
  expect(notes.filter((note) => note.startsWith('epoch '))).toHaveLength(3);
  expect(text).toContain('weights of epoch 0, the best on the held-out images,');
  const { tensors: frozen } = await tune({ ...STILL, frozenSteps: 300 });
  expect(tensors.get('conv_head.weight')).toEqual(frozen.get('conv_head.weight'));
});

it('writes the moving average of the weights where there is one', async () => {
  const moving = { ...STILL, learningRate: 0.1, frozenSteps: 1 };
  const [plain, averaged] = [await tune(moving), await tune({ ...moving, movingAverage: 0.9 })];
  expect(averaged.tensors.get('classifier.bias')).not.toEqual(plain.tensors.get('classifier.bias'));
});

it.each([
  [{ from: null, frozenSteps: 5 }, 'USAGE', /without --from/],
  [{ dropout: 0.2 }, 'USAGE', /drops nothing/],
  [{ from: 'nowhere.safetensors' }, 'TEACHER_WEIGHTS', /nowhere/],
  [{ architecture: 'tf_efficientnet_b0' }, 'TEACHER_WEIGHTS', /another network/],
])('%j is refused', async (changes, code, message) => {
  const { from, ...rest } = changes as JsonObject & { from?: string | null };
  const named = from === null ? { from: undefined } : from === undefined ? {} : { from };
  await expect(tune({ ...rest, ...named } as JsonObject)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});
