import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClassAnswers } from 'dna-nas/accuracy';
import { pairedInterval } from 'dna-nas/accuracy';
import type { RunSummary } from 'dna-nas/core/stages';
import { attachRunFolder } from 'dna-nas/core/store';
import { readSafetensors, toStateDict } from 'dna-nas/files';
import { EVALUATE, tf } from 'dna-nas/nn';
import { loadStateDict } from 'dna-nas/nn/weights';
import { type DataSyntheticOptions, dataSynthetic } from 'dna-nas/plugins/data-synthetic';
import { spaceMbconv } from 'dna-nas/plugins/space-mbconv';
import { examplesOfNetwork } from 'dna-nas/run-tools';
import { expect, it } from 'vitest';
import { sample } from '../faults/extent.js';
import { onCpu } from '../plugins/on-cpu.js';
import { answer } from '../plugins/plugin-run.js';
import { dna, slowProject } from '../run/stopping/slow-run.js';
import { TINY } from '../run/tiny-run.js';

onCpu();

interface Seen {
  readonly label: number;
  readonly told: number;
  /** What the network gives each class. */
  readonly shares: readonly number[];
  readonly pixels: Float32Array;
}

/** What a network of the run tells of each test image, one at a time, by the weights that the run saved. */
async function lookAnew(folder: string, name: string): Promise<Seen[]> {
  const { use: _, ...options } = TINY.data as { use: string } & Partial<DataSyntheticOptions>;
  const dataset = await (await answer(dataSynthetic(options), 'resolveData')).open();
  const { use: __, ...layers } = TINY.space as unknown as { use: string } & Parameters<typeof spaceMbconv>[0];
  const space = await answer(spaceMbconv(layers), 'resolveSpace');
  const file = readSafetensors(readFileSync(join(folder, 'results', `retrain-${name}.safetensors`)));
  const { architecture } = JSON.parse(file.metadata.get('json')!);
  const { image, classes, size } = dataset.description;
  const network = space.createNetwork(space.parseArchitecture(architecture), { image, classes });
  loadStateDict(network, toStateDict(file));
  const seen: Seen[] = [];
  for (let index = 0; index < size.test; index++) {
    const { images, labels } = await dataset.read('test', [index]);
    const logits = tf.tidy(() => {
      const x = tf.tensor4d(images, [1, image.height, image.width, image.channels]);
      return Array.from(network.forward(x, EVALUATE).dataSync());
    });
    const powers = logits.map((logit) => Math.exp(logit));
    const sum = powers.reduce((before, power) => before + power, 0);
    const shares = powers.map((power) => power / sum);
    seen.push({ label: labels[0]!, told: logits.indexOf(Math.max(...logits)), shares, pixels: images });
  }
  network.dispose();
  await dataset.close();
  return seen;
}

const rightOf = (seen: readonly Seen[]) => seen.map(({ label, told }) => label === told);

/** The answers of the result of a network's training. */
function answersOf(folder: string, name: string): ClassAnswers {
  const file = readSafetensors(readFileSync(join(folder, 'results', `retrain-${name}.safetensors`)));
  return JSON.parse(file.metadata.get('json')!).byClass;
}

function expectAnswers({ images, right, confused }: ClassAnswers, seen: readonly Seen[]): void {
  const count = (label: number, told?: number) =>
    seen.filter((one) => one.label === label && (told ?? one.told) === one.told).length;
  expect(images).toEqual(images.map((_, label) => count(label)));
  expect(right).toEqual(images.map((_, label) => count(label, label)));
  for (const [label, told, number] of confused) {
    expect(told).not.toBe(label);
    expect(number).toBe(count(label, told));
  }
  const all = [...right, ...confused.map(([, , number]) => number)];
  expect(all.reduce((sum, number) => sum + number)).toBe(seen.length);
}

/** Of the synthetic images' classes: directions of their stripes. */
const NAMES = ['0°', '45°', '90°', '135°'];

/** Six that are wrong and six that are right, as the network gets them. */
function expectExamples(folder: string, seen: readonly Seen[]): void {
  const { name, examples, shape, pixels } = examplesOfNetwork(attachRunFolder(folder), 'found')!;
  expect({ name, shape }).toEqual({ name: 'found', shape: [12, 16, 16, 1] });
  expect(examples.map(({ label, told }) => label === told)).toEqual([
    ...Array(6).fill(false),
    ...Array(6).fill(true),
  ]);
  expect(new Set(examples.map(({ index }) => index)).size).toBe(12);
  for (const [place, { index, label, told, labelProbability, probability }] of examples.entries()) {
    const one = seen[index]!;
    expect({ label, told }).toEqual({ label: NAMES[one.label], told: NAMES[one.told] });
    expect(labelProbability).toBeCloseTo(one.shares[one.label]!, 5);
    expect(probability).toBeCloseTo(Math.max(...one.shares), 5);
    expect(pixels.slice(place * 256, (place + 1) * 256)).toEqual(one.pixels);
  }
  const of = readSafetensors(readFileSync(join(folder, 'results/retrain-found.safetensors')));
  expect([...toStateDict(of).keys()].filter((tensor) => /image|example/.test(tensor))).toEqual([]);
}

it('a run that was stopped while it measured compares what its weights get right', async () => {
  const project = await slowProject({
    distill: { ...(TINY.distill as object), use: 'blockwise', epochs: 0.5 },
    rank: { use: 'candidates', batch: 16, batches: 1 },
    retrain: { ...(TINY.retrain as object), use: 'scratch', evaluateEvery: 0, evaluationBatch: 7 },
    reports: ['json'],
  });
  const words = ['run', '--plugin', './slow-plugin.mjs', '--set', 'workers=1'];
  // Of ten batches for the trained weights and their average together: the third, and then the fifth of the others.
  const stops = sample([3, 5], 1);
  for (const at of stops) {
    expect(await dna(project, words, { place: 'read test', at })).toMatchObject({ code: 75 });
  }
  const last = await dna(project, words);
  expect(last).toMatchObject({ code: 0 });
  // Each batch once for the found network, the random one and the teacher; what was measured is not read again. Then some
  // images of the found network.
  const reads = last.before.filter((unit) => unit === 'read test').length;
  expect(reads).toBe(3 * 10 + 1 - stops.reduce((sum, at) => sum + at, 0));
  const folder = join(project, 'runs/tiny');
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as RunSummary;
  const { networks, comparisons } = read('summary.json');
  const [ofFound, ofRandom] = [await lookAnew(folder, 'found'), await lookAnew(folder, 'random')];
  expectAnswers(answersOf(folder, 'found'), ofFound);
  expectAnswers(answersOf(folder, 'random'), ofRandom);
  expectExamples(folder, ofFound);
  const [found, random] = [rightOf(ofFound), rightOf(ofRandom)];
  const count = (is: (image: number) => boolean) => found.filter((_, image) => is(image)).length;
  const first = count((image) => found[image]! && !random[image]);
  const second = count((image) => !found[image] && random[image]!);
  // Otherwise the test would show little.
  expect(Math.min(first, second)).toBeGreaterThan(0);
  expect(comparisons!.find(({ against }) => against === 'random')).toEqual({
    network: 'found',
    against: 'random',
    difference: (first - second) / 64,
    interval: pairedInterval({ first, second, images: 64 }),
    images: 64,
    discordant: first + second,
  });
  expect(comparisons!.map(({ against }) => against)).toEqual(['teacher', 'random']);
  expect(networks.find(({ name }) => name === 'found')!.top1).toBe(count((image) => found[image]!) / 64);
  expect(read('outcome.json').comparisons).toEqual(comparisons);
  for (const file of ['outcome.json', 'summary.json'])
    expect(JSON.stringify(read(file))).not.toMatch(/"right"|"byClass"/);
});
