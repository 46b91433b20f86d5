import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layOutTruth } from 'dna-nas/audit';
import { run } from 'dna-nas/configuration';
import type { RunSummary } from 'dna-nas/core/stages';
import { attachRunFolder } from 'dna-nas/core/store';
import { planRun } from 'dna-nas/run-tools';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { beforeAll, describe, expect, it } from 'vitest';
import { TINY, tinyProject } from '../run/tiny-run.js';

const CONFIG = { ...TINY, retrain: { ...(TINY.retrain as object), epochs: 1, evaluateEvery: 0 } };
const INLINE = { inline: true };
const REPORTS = ['reports=[truth]'];

const lay = (project: string, changes = {}) =>
  layOutTruth({ project, config: CONFIG, networks: 3, seeds: 2, ...changes });

const truthOf = (project: string, name = 'tiny-truth') =>
  readFileSync(join(project, 'runs', name, 'truth.csv'), 'utf8');

/** Rows by column name, comments left out. No text of these has a comma. */
function rowsOf(csv: string): Record<string, string>[] {
  const [header = '', ...lines] = csv.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
}

describe('a ground truth', () => {
  let project: string;
  let summary: RunSummary;

  beforeAll(async () => {
    project = await tinyProject();
    const { request } = await lay(project);
    summary = (await run({ ...request, set: REPORTS }, INLINE))!;
  });

  it('trains each network by each seed, and tells which is which', async () => {
    const { networks } = await lay(project);
    const texts = networks.map(({ text }) => text);
    expect(summary.networks.map(({ name, architecture, seed }) => [name, architecture, seed])).toEqual(
      texts.flatMap((text, index) => [
        [`n${index + 1}-s1`, text, 1],
        [`n${index + 1}-s2`, text, 2],
      ]),
    );
    expect(summary).toMatchObject({ architecture: '3 given networks', rating: null });
  });

  it('is a table with a row a network', async () => {
    const { networks } = await lay(project);
    const rows = rowsOf(truthOf(project));
    expect(Object.keys(rows[0]!)).toEqual([
      ...['architecture', 'accuracy', 'macs', 'params', 'depth', 'accuracy_1', 'accuracy_2'],
    ]);
    rows.forEach((row, index) => {
      const { text, costs } = networks[index]!;
      const [one, two] = [2 * index, 2 * index + 1].map((at) => summary.networks[at]!.top1);
      expect(row).toMatchObject({ architecture: text, macs: `${costs.macs}`, params: `${costs.params}` });
      expect([row.accuracy_1, row.accuracy_2].map(Number)).toEqual([one, two]);
      expect(Number(row.accuracy)).toBeCloseTo((one! + two!) / 2, 5);
      // A text names layers; equal ones in a row are written once, as r2.
      const layers = [...text.matchAll(/_r(\d+)_/g)].map(([, count]) => Number(count));
      expect(Number(row.depth)).toBe(layers.reduce((sum, count) => sum + count, 0));
    });
  });

  it('tells the recipe, and is a sealed part of the run', () => {
    const comments = truthOf(project)
      .split('\n')
      .filter((line) => line.startsWith('# '));
    expect(comments[0]).toBe('# 3 networks, each trained alone by 2 seeds; test accuracy of 64 images');
    const retrain = comments.find((line) => line.startsWith('# retrain: '))!.slice('# retrain: '.length);
    expect(JSON.parse(retrain)).toMatchObject({ use: 'scratch', epochs: 1, batch: 16 });
    expect(verifyRun(join(project, 'runs', 'tiny-truth')).problems).toEqual([]);
  });

  it('draws a training from its own seed alone', async () => {
    const results = attachRunFolder(join(project, 'runs', 'tiny-truth'));
    const [one, two] = ['retrain-n1-s1', 'retrain-n1-s2'].map((id) => results.loadResult(id)!);
    expect(one!.tensors).not.toEqual(two!.tensors);
    // Another seed of the run draws other networks; given the same ones it trains them to the same weights.
    const { networks, request } = await lay(project, { set: ['seed=4', 'name=other'] });
    const { architectures } = (await lay(project)).request;
    expect(networks.map(({ text }) => text)).not.toEqual(architectures);
    const same = architectures!.slice(0, 1);
    await run({ ...request, architectures: same, set: [...REPORTS, 'seed=4', 'name=other'] }, INLINE);
    const other = attachRunFolder(join(project, 'runs', 'other'));
    expect(other.loadResult('retrain-n1-s1')!.tensors).toEqual(one!.tensors);
    expect(other.loadResult('retrain-n1-s2')!.tensors).toEqual(two!.tensors);
  });

  it('is the same from any number of workers', async () => {
    const elsewhere = await tinyProject();
    const { request } = await lay(elsewhere);
    await run({ ...request, set: [...REPORTS, 'workers=2'] });
    expect(truthOf(elsewhere)).toBe(truthOf(project));
  });

  it('takes space and retraining from a run, and limits from its search', async () => {
    const search = { ...CONFIG, name: 'searched' };
    await run({ project, config: search }, { ...INLINE, until: 'data' });
    const near = { within: 0.5, networks: 2 };
    const { networks, request } = await layOutTruth({
      ...{ project, source: 'runs/searched', networks: 3, seeds: 1, near },
    });
    for (const { costs } of networks.slice(1)) {
      expect(costs.params).toBeLessThanOrEqual(6000);
      expect(costs.params).toBeGreaterThanOrEqual(3000);
    }
    expect(request.trainings).toBe(1);
    await run(request, { ...INLINE, until: 'space' });
    const { values } = attachRunFolder(join(project, 'runs', 'searched-truth')).readJson('config') as {
      values: { retrain: object; space: object };
    };
    expect(values.retrain).toMatchObject({ epochs: 1, batch: 16 });
  });

  it('asks for a limit where the search has none', async () => {
    const near = { within: 0.1, networks: 1 };
    const config = { ...CONFIG, search: 'exact' };
    await expect(lay(project, { config, near })).rejects.toThrow(/search of this configuration has none/);
  });

  it('is forecast from a few steps', async () => {
    const { request } = await lay(project);
    const plan = await planRun(request, { seconds: 0.05 });
    expect(plan.sound).toBe(true);
    expect(plan.findings.find(({ check }) => check === 'networks')!.text).toMatch(/^6 trainings, /);
    const [training] = plan.stages;
    // Of what the run did: 12 steps of 16 images in training, and 64 images measured twice, raw and averaged.
    const macs = summary.networks.reduce((sum, network) => sum + network.macs * (3 * 16 * 12 + 2 * 64), 0);
    expect(training).toMatchObject({ stage: 'retrain', macs });
    expect(training!.hours).toBeCloseTo(macs / plan.speed!.training / 3600, 12);
  });
});

describe('a configuration of given networks', () => {
  it.each([
    [
      { architecture: 'a', architectures: ['b'] },
      /architectures\n.*\n? *expected {2}nothing, as architecture/,
    ],
    [{ trainings: 2 }, /trainings\n.*\n? *expected {2}nothing, as architectures/],
  ])('says what cannot be asked for at once: %o', async (values, words) => {
    await expect(planRun({ config: { ...CONFIG, ...values } })).rejects.toThrow(words);
  });
});
