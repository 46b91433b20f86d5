import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigRequest, UserConfig } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { writeSafetensors } from 'dna-nas/files';
import { EfficientNet, efficientNetSpec } from 'dna-nas/nn/networks';
import { stateDict } from 'dna-nas/nn/weights';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { projectFolder } from './project-folder.js';

const IMAGE = { height: 16, width: 16, channels: 1 };
const CLASSES = 4;
const TEACHER = {
  name: 'tiny teacher',
  stem: 8,
  stages: ['ds_r1_k3_s1_e1_c8', 'ir_r1_k3_s2_e2_c12', 'ir_r1_k3_s2_e2_c16'],
  head: 16,
};

/** A whole run in seconds: synthetic images, two blocks of two cells. */
export const TINY: UserConfig = {
  name: 'tiny',
  seed: 3,
  backend: 'wasm',
  data: { use: 'synthetic', train: 192, validation: 64, test: 64, augment: { flip: 0.5, shift: 1 } },
  teacher: { use: 'efficientnet', weights: './teacher.safetensors' },
  partition: 'resolution',
  space: {
    use: 'mbconv',
    kernels: [3, 5],
    expansions: [2],
    stem: { channels: 8, stride: 2, separable: 0 },
    blocks: [
      {
        stride: 2,
        cells: [
          { layers: 1, channels: 8 },
          { layers: 2, channels: 16 },
        ],
      },
      {
        stride: 2,
        cells: [
          { layers: 2, channels: 16 },
          { layers: 1, channels: 24 },
        ],
      },
    ],
    head: 16,
  },
  supernet: 'multi-cell',
  distill: {
    use: 'blockwise',
    epochs: 3,
    batch: 16,
    loss: 'feature-mse',
    optimiser: 'adam',
    learningRate: { use: 'cosine', rate: 0.01 },
  },
  rank: { use: 'candidates', batch: 16, batches: 3 },
  search: { use: 'exact', limits: { params: 6_000 } },
  retrain: {
    use: 'scratch',
    epochs: 3,
    batch: 16,
    dropout: 0.1,
    dropConnect: 0.1,
    movingAverage: 0.9,
    optimiser: { use: 'sgd', weightDecay: 1e-4 },
    learningRate: { use: 'cosine', rate: 0.1 },
  },
  reports: ['json'],
};

let weights: Uint8Array | undefined;

/** Weights of a teacher that nobody trained: good enough to be imitated. */
async function teacherWeights(): Promise<Uint8Array> {
  if (weights) return weights;
  await startCpuBackend();
  const spec = efficientNetSpec({
    ...TEACHER,
    stages: TEACHER.stages.map((stage) => [stage]),
    classes: CLASSES,
    inputChannels: 1,
  });
  const network = new EfficientNet(spec).initialise(randomStream('tiny teacher'));
  const note = { architecture: TEACHER, image: IMAGE, classes: CLASSES };
  weights = writeSafetensors(stateDict(network), { teacher: JSON.stringify(note) });
  network.dispose();
  return weights;
}

/** A fresh project folder with the teacher's weights in it. */
export async function tinyProject(): Promise<string> {
  const project = projectFolder('dna-tiny-');
  writeFileSync(join(project, 'teacher.safetensors'), await teacherWeights());
  return project;
}

export function tinyRequest(project: string, changes: Partial<ConfigRequest> = {}): ConfigRequest {
  return { project, config: TINY, ...changes };
}

/** Everything of a finished run that must not depend on workers, stops or time. */
export function resultsOf(project: string, name = 'tiny'): Record<string, unknown> {
  const folder = join(project, 'runs', name);
  const results: Record<string, unknown> = {};
  for (const file of readdirSync(join(folder, 'results')).sort()) {
    results[file] = createHash('sha256')
      .update(readFileSync(join(folder, 'results', file)))
      .digest('hex');
  }
  const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));
  const ratings = JSON.parse(readFileSync(join(folder, 'ratings.json'), 'utf8'));
  const { seconds: _, stages, ledger: __, ...rest } = summary;
  return { ...results, summary: rest, stages: Object.keys(stages), ratings };
}
