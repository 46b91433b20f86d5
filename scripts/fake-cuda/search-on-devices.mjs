// A program for several fake GPUs: a search up to its ratings, whose workers are placed on all of them. Their results are
// zeros, so that it shows where work is done and nothing of what comes out.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { attachRunFolder } from 'dna-nas/core/store';

const cells = (...channels) => channels.map((width) => ({ layers: 1, channels: width }));
const config = {
  name: 'devices',
  backend: { use: 'torch', device: 'cuda' },
  data: { use: 'synthetic', train: 64, validation: 32, test: 32 },
  teacher: {
    use: 'efficientnet',
    weights: 'untrained',
    image: { height: 16, width: 16, channels: 1 },
    classes: 4,
    architecture: {
      ...{ name: 'tiny teacher', stem: 8, head: 16 },
      stages: ['ds_r1_k3_s1_e1_c8', 'ir_r1_k3_s2_e2_c12', 'ir_r1_k3_s2_e2_c16'],
    },
  },
  partition: 'resolution',
  space: {
    ...{ use: 'mbconv', kernels: [3, 5], expansions: [2], head: 16 },
    stem: { channels: 8, stride: 2, separable: 0 },
    blocks: [
      { stride: 2, cells: cells(8, 16) },
      { stride: 2, cells: cells(16, 24) },
    ],
  },
  supernet: 'multi-cell',
  distill: {
    use: 'blockwise',
    epochs: 1,
    batch: 16,
    loss: 'feature-mse',
    optimiser: 'adam',
    learningRate: { use: 'cosine', rate: 0.01 },
  },
  rank: { use: 'candidates', batch: 16, batches: 1 },
  search: 'exact',
  retrain: { use: 'scratch', batch: 32, optimiser: 'sgd', learningRate: { use: 'cosine', rate: 0.01 } },
  reports: [],
};
const gpus = Number(process.env.FAKE_CUDA_GPUS);
const project = mkdtempSync(join(tmpdir(), 'dna-fake-cuda-'));
try {
  await run({ project, config, configFile: false }, { until: 'rank' });
  const started = attachRunFolder(join(project, 'runs/devices'))
    .readJournal()
    .find(({ event }) => event === 'started');
  assert.deepEqual(
    started.devices,
    Array.from({ length: gpus }, (_, gpu) => gpu),
  );
} finally {
  rmSync(project, { recursive: true });
}
