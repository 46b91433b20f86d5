import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pairedInterval } from 'dna-nas/accuracy';
import type { RunSummary } from 'dna-nas/core/stages';
import { readSafetensors, toStateDict } from 'dna-nas/files';
import { EVALUATE, tf } from 'dna-nas/nn';
import { loadStateDict } from 'dna-nas/nn/weights';
import { type DataSyntheticOptions, dataSynthetic } from 'dna-nas/plugins/data-synthetic';
import { spaceMbconv } from 'dna-nas/plugins/space-mbconv';
import { expect, it } from 'vitest';
import { sample } from '../faults/extent.js';
import { onCpu } from '../plugins/on-cpu.js';
import { answer } from '../plugins/plugin-run.js';
import { dna, slowProject } from '../run/stopping/slow-run.js';
import { TINY } from '../run/tiny-run.js';

onCpu();

/** On which test images a network of the run is right, one at a time, by the weights that the run saved. */
async function countAnew(folder: string, name: string): Promise<boolean[]> {
  const { use: _, ...options } = TINY.data as { use: string } & Partial<DataSyntheticOptions>;
  const dataset = await (await answer(dataSynthetic(options), 'resolveData')).open();
  const { use: __, ...layers } = TINY.space as unknown as { use: string } & Parameters<typeof spaceMbconv>[0];
  const space = await answer(spaceMbconv(layers), 'resolveSpace');
  const file = readSafetensors(readFileSync(join(folder, 'results', `retrain-${name}.safetensors`)));
  const { architecture } = JSON.parse(file.metadata.get('json')!);
  const { image, classes, size } = dataset.description;
  const network = space.createNetwork(space.parseArchitecture(architecture), { image, classes });
  loadStateDict(network, toStateDict(file));
  const right: boolean[] = [];
  for (let index = 0; index < size.test; index++) {
    const { images, labels } = await dataset.read('test', [index]);
    const logits = tf.tidy(() => {
      const x = tf.tensor4d(images, [1, image.height, image.width, image.channels]);
      return Array.from(network.forward(x, EVALUATE).dataSync());
    });
    right.push(logits.indexOf(Math.max(...logits)) === labels[0]);
  }
  network.dispose();
  await dataset.close();
  return right;
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
  // Each batch once for the found network, the random one and the teacher; what was measured is not read again.
  const reads = last.before.filter((unit) => unit === 'read test').length;
  expect(reads).toBe(3 * 10 - stops.reduce((sum, at) => sum + at, 0));
  const folder = join(project, 'runs/tiny');
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as RunSummary;
  const { networks, comparisons } = read('summary.json');
  const [found, random] = [await countAnew(folder, 'found'), await countAnew(folder, 'random')];
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
    expect(JSON.stringify(read(file))).not.toMatch(/"right"/);
});
