import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type UserConfig } from 'dna-nas/configuration';
import { afterAll, expect, it } from 'vitest';

const IMAGE = { height: 16, width: 16, channels: 3 };

/** A trial of the machinery: few small images, and a teacher that nobody trained, of other channels than the space. */
const CONFIG: UserConfig = {
  name: 'macro',
  seed: 1,
  backend: 'wasm',
  data: { use: 'synthetic', size: 16, channels: 3, train: 16, validation: 8, test: 8 },
  teacher: {
    use: 'efficientnet',
    architecture: { stem: 8, stages: ['ds_r1_k3_s1_e1_c8', 'ir_r1_k3_s2_e2_c24', 'ir_r1_k3_s2_e2_c32'] },
    image: IMAGE,
    classes: 4,
    weights: 'untrained',
  },
  partition: 'resolution',
  space: 'nas-bench-macro',
  supernet: { use: 'multi-cell', sampling: 'fair' },
  distill: {
    use: 'blockwise',
    epochs: 1,
    batch: 8,
    loss: 'feature-mse',
    optimiser: 'adam',
    learningRate: { use: 'constant', rate: 0.005 },
  },
  rank: { use: 'candidates', batch: 8, batches: 1 },
  search: { use: 'exact', limits: { macs: 12_000_000 } },
  retrain: {
    use: 'scratch',
    epochs: 1,
    batch: 8,
    optimiser: { use: 'sgd', momentum: 0.9 },
    learningRate: { use: 'cosine', rate: 0.1 },
    networks: ['found'],
  },
  reports: ['json'],
};

const project = mkdtempSync(join(tmpdir(), 'dna-macro-'));
afterAll(() => rmSync(project, { recursive: true, force: true }));

it('is searched from end to end, and a network of it retrained by its text', async () => {
  const summary = (await run({ project, config: CONFIG }, { inline: true }))!;
  expect(summary.architecture).toMatch(/^[0-2]{8}$/);
  expect(summary.networks.map(({ name }) => name)).toContain('found');
  const found = summary.networks.find(({ name }) => name === 'found')!;
  expect(found.macs).toBeLessThanOrEqual(12_000_000);
  const { top } = JSON.parse(readFileSync(join(project, 'runs/macro/search.json'), 'utf8'));
  const networks = top.map(({ text }: { text: string }) => [...text].map(Number));
  // Blocks of two, three and three layers; behind a block's first layer a 0 does nothing wherever it stands.
  const canonical = networks.map((layers: number[]) =>
    [layers.slice(0, 2), layers.slice(2, 5), layers.slice(5)]
      .map(([first, ...rest]) => [first, ...rest.filter((operation) => operation !== 0)].join(''))
      .join(' '),
  );
  expect(canonical).toHaveLength(10);
  expect(new Set(canonical).size).toBe(10);
  const given = (await run({ project, config: CONFIG, architecture: '00000000' }, { inline: true }))!;
  expect(given.architecture).toBe('00000000');
  expect(given.networks).toMatchObject([{ name: '00000000', macs: 1_930_240 }]);
});
