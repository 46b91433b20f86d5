import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigRequest, run } from 'dna-nas/configuration';
import type { RunSummary } from 'dna-nas/core/stages';
import { attachRunFolder } from 'dna-nas/core/store';
import { runTask } from 'dna-nas/core/work';
import { networkOfRun } from 'dna-nas/run-tools';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { beforeAll, describe, expect, it } from 'vitest';
import { TINY, tinyProject } from '../run/tiny-run.js';
import { REFERENCE } from './reference.js';

/** The network whose names timm was asked for. */
const BLOCKS = 'ds_r1_k3_s1_e1_c16_se0.25 | ir_r2_k3_s2_e2_c16_se0.25 | ir_r1_k5_s2_e2_c24_se0.25';

const CONFIG = {
  ...TINY,
  retrain: { ...(TINY.retrain as object), microBatch: 8, mixup: 0.2, batchNormEpsilon: 1e-3 },
};

function request(project: string, changes: Partial<ConfigRequest> = {}): ConfigRequest {
  return { project, config: CONFIG, architecture: BLOCKS, ...changes };
}

const INLINE = { inline: true };

const folderOf = (project: string, name = 'tiny-retrain') => join(project, 'runs', name);

/** Weights by file, and the outcome without its times. */
function results(project: string) {
  const folder = folderOf(project);
  const hashes = readdirSync(join(folder, 'results')).map((file) => {
    const bytes = readFileSync(join(folder, 'results', file));
    return [file, createHash('sha256').update(bytes).digest('hex')];
  });
  const {
    seconds: _,
    stages: __,
    ...outcome
  } = JSON.parse(readFileSync(join(folder, 'outcome.json'), 'utf8'));
  return { outcome, hashes };
}

describe('a run that is given its network', () => {
  let project: string;
  let summary: RunSummary;

  beforeAll(async () => {
    project = await tinyProject();
    // It needs no teacher.
    rmSync(join(project, 'teacher.safetensors'));
    summary = (await run(request(project), INLINE))!;
  });

  it('goes through the stages that are left and reports the network', () => {
    expect(Object.keys(summary.stages)).toEqual(['backend', 'data', 'space', 'retrain']);
    expect(summary).toMatchObject({ architecture: BLOCKS, rating: null });
    expect(summary.networks.map(({ name }) => name)).toEqual(['given']);
    const [{ top1, top5, images, intervals, epochs, raw, best }] = summary.networks as [
      RunSummary['networks'][0],
    ];
    expect({ top5, images }).toEqual({ top5: 1, images: 64 });
    expect(intervals!.top1[0]).toBeLessThan(top1);
    expect(intervals!.top1[1]).toBeGreaterThan(top1);
    expect(epochs!.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(epochs!.at(-1)).toMatchObject({ top1, raw });
    expect(best!.top1).toBe(Math.max(...epochs!.map((epoch) => epoch.top1)));
    expect(top1).toBeGreaterThan(0.4);
  });

  it('stores what it used alone, and is sound', () => {
    const folder = attachRunFolder(folderOf(project));
    const { values } = folder.readJson('config') as { values: object };
    expect(Object.keys(values)).toEqual(
      expect.arrayContaining(['architecture', 'backend', 'data', 'space', 'retrain']),
    );
    expect(values).not.toHaveProperty('teacher');
    expect(folder.readJson('identity')).not.toHaveProperty('teacher');
    expect(verifyRun(folder.path).problems).toEqual([]);
  });

  it("keeps last, best and raw weights, all with timm's names and shapes", () => {
    const folder = attachRunFolder(folderOf(project));
    const ids = ['retrain-given', 'retrain-given-best', 'retrain-given-raw'];
    expect(folder.resultIds().sort()).toEqual(['examples-given', ...ids]);
    const [last, best, raw] = ids.map((id) => folder.loadResult(id));
    for (const { tensors } of [last!, best!, raw!]) {
      const shapes = Object.fromEntries([...tensors].map(([name, { shape }]) => [name, [...shape]]));
      expect(shapes).toEqual(REFERENCE.names);
    }
    expect(raw!.tensors).not.toEqual(last!.tensors);
    expect(last!.json).toMatchObject({ architecture: BLOCKS, batchNormEpsilon: 1e-3 });
    const { top1, raw: rawAccuracy } = summary.networks[0]!;
    expect(last!.json.top1).toBe(top1);
    expect(raw!.json.top1).toBe(rawAccuracy!.top1);
    expect(best!.json.top1).toBe(summary.networks[0]!.best!.top1);
  });

  it('has the same bits after stops, and in a worker', async () => {
    const other = await tinyProject();
    writeFileSync(join(other, 'watch.mjs'), WATCH);
    const changes = { plugins: ['./watch.mjs'] };
    // Some steps later than asked, as they are told while the next ones run.
    for (const stopAfter of [1, 2, 3]) await stoppedRun(request(other, changes), stopAfter);
    expect(existsSync(join(folderOf(other), 'results/retrain-given.safetensors'))).toBe(false);
    await run(request(other, { ...changes, set: ['workers=1'] }));
    expect(results(other)).toEqual(results(project));
  });

  it('can be computed by tasks on their own', async () => {
    const other = await tinyProject();
    writeFileSync(join(other, 'watch.mjs'), WATCH);
    await stoppedRun(request(other, { plugins: ['./watch.mjs'] }), 3);
    await runTask({ folder: folderOf(other), task: 'retrain-given', project: other, ...INLINE });
    await run(request(other, { plugins: ['./watch.mjs'] }), INLINE);
    expect(results(other)).toEqual(results(project));
  });

  it('is scaled to more channels and layers, stem and head with it', async () => {
    const set = ['name=wide', 'retrain.epochs=0.1', 'retrain.scale={width: 2, depth: 1.5}'];
    const wide = await run(request(project, { set }), INLINE);
    const { json, tensors } = attachRunFolder(folderOf(project, 'wide')).loadResult('retrain-given')!;
    const outputs = (name: string) => tensors.get(name)?.shape[0];
    // 1, 2 and 1 layers times 1.5, rounded up; 8, 16, 16, 24 and 16 channels times 2.
    const layers = [0, 1, 2].map((block) =>
      [0, 1, 2, 3].filter((layer) => tensors.has(`blocks.${block}.${layer}.conv_dw.weight`)),
    );
    expect(layers).toEqual([
      [0, 1],
      [0, 1, 2],
      [0, 1],
    ]);
    expect(outputs('conv_stem.weight')).toBe(16);
    expect(outputs('blocks.0.1.conv_pw.weight')).toBe(32);
    expect([1, 2].map((block) => outputs(`blocks.${block}.1.conv_pwl.weight`))).toEqual([32, 48]);
    expect(outputs('conv_head.weight')).toBe(32);
    expect(wide!.networks[0]!.params).toBe(json.params);
    expect(json.params).toBeGreaterThan(summary.networks[0]!.params);
  });

  it('can take its network from another run, with the configuration of that', async () => {
    const found = networkOfRun(folderOf(project), project);
    expect(found.architecture).toBe(BLOCKS);
    const set = ['name=again', 'retrain.epochs=0.1'];
    const again = await run({ project, ...found, set }, INLINE);
    expect(again!.networks[0]!.params).toBe(summary.networks[0]!.params);
    expect(again!.seed).toBe(summary.seed);
  });
});

/** Runs until so many steps were told, asks to stop, and expects the state to be saved. */
async function stoppedRun(asked: ConfigRequest, stopAfter: number): Promise<void> {
  const controller = new AbortController();
  let told = 0;
  (globalThis as { onStep?: () => void }).onStep = () => {
    told += 1;
    if (told === stopAfter) controller.abort();
  };
  const started = run(asked, { ...INLINE, signal: controller.signal });
  await expect(started).rejects.toMatchObject({ code: 'STOPPED' });
}

const WATCH = `import { definePlugin } from 'dna-nas/core';
export default definePlugin({
  name: 'watch', description: 'Tells the test of each step.', module: import.meta.url,
  apply: (run) => run.hooks.stepFinished.tap('watch', () => globalThis.onStep?.()),
});`;

describe('networks by name and text', () => {
  it.each([
    ['dna-e', /no published network "dna-e"/, /Did you mean dna-/],
    ['nothing', /no published network "nothing"/, /efficientnet_b0/],
    ['ir_r1_k3', /The block "ir_r1_k3" cannot be read: "c" is missing/, /joined by/],
  ])('%s is refused', async (architecture, message, hint) => {
    const project = await tinyProject();
    const asked = run(request(project, { architecture }), INLINE);
    await expect(asked).rejects.toMatchObject({
      code: 'ARCHITECTURE_TEXT',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it('has no network to give before the search has ended', async () => {
    const project = await tinyProject();
    await run({ project, config: TINY }, { ...INLINE, until: 'supernet' });
    expect(() => networkOfRun(join(project, 'runs/tiny'), project)).toThrow(
      expect.objectContaining({ code: 'RUN_WITHOUT_NETWORK' }),
    );
  });
});

it('refuses micro-batches that do not make a batch, before anything is trained', async () => {
  const project = await tinyProject();
  await expect(run(request(project, { set: ['retrain.microBatch=5'] }), INLINE)).rejects.toMatchObject({
    code: 'MICRO_BATCH_UNEVEN',
    hint: expect.stringContaining('retrain.batch=15'),
  });
});

it('refuses to train on the held-out images where they are the test images', async () => {
  const project = await tinyProject();
  writeFileSync(join(project, 'no-test.mjs'), NO_TEST);
  const changes = { set: ['retrain.images=all'], plugins: ['./no-test.mjs'] };
  await expect(run(request(project, changes), INLINE)).rejects.toMatchObject({
    code: 'RETRAIN_IMAGES',
    message: expect.stringContaining('synthetic'),
  });
});

/** A data set without test images of its own. */
const NO_TEST = `
import { definePlugin } from 'dna-nas/core';
export default definePlugin({
  name: 'no-test',
  description: 'Its test images are those that are held out.',
  module: import.meta.url,
  apply(run) {
    run.hooks.data.tap('no-test', (source) => ({
      ...source,
      async open(shared) {
        const dataset = await source.open(shared);
        const description = { ...dataset.description, testFrom: 'validation' };
        return Object.create(dataset, { description: { value: description } });
      },
    }));
  },
});
`;
