import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, type UserConfig } from 'dna-nas/configuration';
import { createHooks } from 'dna-nas/core';
import type { RunSummary } from 'dna-nas/core/stages';
import { exportOnnx, exportQuantized } from 'dna-nas/export';
import { reportTo } from 'dna-nas/plugins/report-console';
import { planRun } from 'dna-nas/run-tools';
import { beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../backend-install/listen.js';
import { FakeConsole } from '../report/fake-run.js';
import { TINY, tinyProject } from '../run/tiny-run.js';

/** The synthetic images without their labels. */
const DATA = `
import { createHooks, definePlugin } from 'dna-nas/core';
import { dataSynthetic } from 'dna-nas/plugins/data-synthetic';

export default definePlugin({
  name: 'hidden-labels',
  description: 'Synthetic images whose labels are not told.',
  module: import.meta.url,
  apply(run) {
    run.hooks.resolveData.tapPromise('hidden-labels', async () => {
      const hooks = createHooks();
      dataSynthetic({ train: 64, validation: 32, test: 48, seed: 1 }).apply({ ...run, hooks });
      const source = await hooks.resolveData.promise({ slot: 'data' });
      return {
        async open(shared) {
          const dataset = await source.open(shared);
          const { classNames, ...description } = dataset.description;
          return {
            description: { ...description, classes: 0, labels: false },
            shared: () => dataset.shared(),
            async read(...what) {
              const { images, labels } = await dataset.read(...what);
              return { images, labels: new Int32Array(labels.length) };
            },
            close: () => dataset.close(),
          };
        },
      };
    });
  },
});
`;

const GOLDEN = fileURLToPath(new URL('../golden/imagenet/images/', import.meta.url));

const CONFIG = {
  ...TINY,
  data: './data.mjs',
  distill: { ...(TINY.distill as object), use: 'blockwise', epochs: 0.5 },
  rank: { use: 'candidates', batch: 16, batches: 1 },
  retrain: { ...(TINY.retrain as object), use: 'scratch', epochs: 2, distill: 'logits', labelSmoothing: 0 },
  reports: ['json', 'html'],
} as UserConfig;
const INLINE = { inline: true };
const NETWORK = 'ir_r1_k3_s2_e2_c16_se0.25 | ir_r1_k5_s2_e2_c24_se0.25';

let project: string;
let summary: RunSummary;
const read = (name: string) => readFileSync(join(project, 'runs/tiny', name), 'utf8');

beforeAll(async () => {
  project = await tinyProject();
  writeFileSync(join(project, 'data.mjs'), DATA);
  summary = (await run({ project, config: CONFIG }, INLINE))!;
});

describe('a search on images without labels', () => {
  it('tells how far networks agree with the teacher, who is not held against himself', () => {
    expect(summary.networks.map(({ name }) => name)).toEqual(['found', 'random']);
    for (const network of summary.networks) {
      expect(network).toMatchObject({ agreementWith: 'teacher', images: 48 });
      expect(network).not.toHaveProperty('balanced');
    }
    expect(summary.comparisons!.map(({ against }) => against)).toEqual(['random']);
  });

  it('is counted with the teacher’s classes', async () => {
    expect(JSON.parse(read('space.json'))).toMatchObject({ counting: { classes: 4 } });
    const { findings, sound } = await planRun({ project, config: CONFIG }, { seconds: 0 });
    expect(sound).toBe(true);
    const told = Object.fromEntries(findings.map(({ check, text }) => [check, text]));
    expect(told.data).toMatch(/without labels$/);
    expect(told.classes).toMatch(/^4, the teacher's/);
    expect(told['teacher check']).toMatch(/no labels/);
  });

  it('says agreement wherever it is shown', async () => {
    expect(JSON.parse(read('summary.json')).networks[0]).toMatchObject({ agreementWith: 'teacher' });
    expect(read('report.html')).toMatch(/agreement with the teacher of \d/);
    expect(read('report.html')).not.toMatch(/test accuracy/i);
    const console = new FakeConsole(false);
    const hooks = createHooks();
    reportTo(hooks, console);
    await hooks.runFinished.promise({ summary, folder: join(project, 'runs/tiny') });
    expect(console.resultText).toMatch(/multiply-adds +agreement with the teacher/);
    expect(console.resultText).not.toMatch(/test accuracy/);
    const { facts } = await exportOnnx({ source: 'runs/tiny', project });
    expect(facts.agreementWithTeacher).toMatchObject({ top1: summary.networks[0]!.top1 });
    expect(facts).not.toHaveProperty('accuracy');
  });

  it('is measured again by the teacher’s answers', async () => {
    const evaluated = await listen(['evaluate', 'runs/tiny', '--json'], project, {});
    expect(evaluated.code, evaluated.text).toBe(0);
    const { networks } = JSON.parse(evaluated.text.slice(evaluated.text.indexOf('{')));
    expect(networks).toMatchObject(
      summary.networks.map(({ name, top1 }) => ({ name, top1, agreementWith: 'teacher' })),
    );
    const table = await listen(['evaluate', 'runs/tiny'], project, {});
    expect(table.text).toContain('agreement with the teacher, top-1 %');
  });
});

describe('what needs labels says so', () => {
  const refused = (config: UserConfig, more: object = {}) =>
    run({ project, config: { ...config, name: 'refused' }, ...more }, INLINE);

  it.each([
    ['none', {}, 'RETRAIN_TARGETS', /has no labels/],
    ['none', { architecture: NETWORK }, 'RETRAIN_TARGETS', /has no labels/],
    ['logits', { architecture: NETWORK }, 'RETRAIN_TARGETS', /it has no teacher/],
  ] as const)('retraining with distill: %s, %j', async (distill, more, code, message) => {
    const retrain = { ...(CONFIG.retrain as object), use: 'scratch', distill };
    await expect(refused({ ...CONFIG, retrain } as UserConfig, more)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('training a teacher, and counting what eight bits cost', async () => {
    const images = JSON.stringify({ path: GOLDEN, imageSize: 16, labels: false });
    const words = ['--backend', 'cpu', '--data-options', images, '--out', 'other.safetensors'];
    const trained = await listen(['teacher', 'train', '--data', 'imagenet', ...words], project, {});
    expect(trained.text).toMatch(/DATA_UNLABELLED.*has no labels, and a teacher learns from them/);
    expect(trained.code).toBe(2);
    await expect(exportQuantized({ source: 'runs/tiny', project })).rejects.toMatchObject({
      code: 'DATA_UNLABELLED',
    });
  });
});

it('with labels the networks learn from the teacher, and accuracy is accuracy', async () => {
  const config = { ...CONFIG, name: 'labelled', data: TINY.data, reports: ['json'] } as UserConfig;
  const labelled = (await run({ project, config }, INLINE))!;
  expect(labelled.networks.map(({ name }) => name)).toEqual(['teacher', 'found', 'random']);
  for (const network of labelled.networks) expect(network).not.toHaveProperty('agreementWith');
  const others = { ...config, teacher: { use: 'efficientnet', weights: './teacher.safetensors' } };
  const data = { ...(TINY.data as object), use: 'synthetic', classes: 5 };
  await expect(run({ project, config: { ...others, name: 'five', data } }, INLINE)).rejects.toMatchObject({
    code: 'RETRAIN_TARGETS',
    message: expect.stringMatching(/5 classes.*knows 4/),
  });
});
