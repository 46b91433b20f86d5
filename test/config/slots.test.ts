import { resolveConfig } from 'dna-nas/configuration';
import { expect, test } from 'vitest';
import { COMPLETE, project } from './project.js';

const LOSS = { use: './stages.ts#loss', size: 5, limits: { params: 7 } };
const config = { ...COMPLETE, distill: { ...COMPLETE.distill, loss: LOSS } };

async function resolveWith(...set: string[]) {
  return resolveConfig({ project: project({ 'dna.config.json': config }), set });
}

async function lossWith(...set: string[]) {
  const { distill } = (await resolveWith(...set)).values;
  return (distill as Record<string, unknown>).loss;
}

const DEFAULTS = { mode: 'mean', list: [1, 2] };

test('--set of an option keeps the plugin and its other options', async () => {
  expect(await lossWith('distill.loss.limits.macs=8')).toEqual({
    ...DEFAULTS,
    ...LOSS,
    limits: { params: 7, macs: 8 },
  });
});

test.each([
  'distill.loss=./stages.ts#otherLoss',
  'distill.loss.use=./stages.ts#otherLoss',
  'distill={loss: {use: "./stages.ts#otherLoss"}}',
])('%s swaps the plugin and drops the options of the one before', async (setting) => {
  expect(await lossWith(setting)).toEqual({ ...DEFAULTS, use: './stages.ts#otherLoss', size: 2 });
});

test('naming the same plugin again keeps its options', async () => {
  expect(await lossWith('distill.loss=./stages.ts#loss')).toEqual({ ...DEFAULTS, ...LOSS });
});

test('--set speaks as a whole: the order of plugin and option does not matter', async () => {
  const swapped = { ...DEFAULTS, use: './stages.ts#otherLoss', size: 8 };
  expect(await lossWith('distill.loss=./stages.ts#otherLoss', 'distill.loss.size=8')).toEqual(swapped);
  expect(await lossWith('distill.loss.size=8', 'distill.loss=./stages.ts#otherLoss')).toEqual(swapped);
});

test('another plugin in a slot leaves the slots inside it alone', async () => {
  const { values } = await resolveWith('distill=./stages.ts#otherDistill');
  expect(values.distill).toMatchObject({ use: './stages.ts#otherDistill', loss: LOSS });
  expect((values.distill as Record<string, unknown>).size).toBe(2);
});

test('a built-in is found by its short and its full name, and stored by the short one', async () => {
  for (const name of ['cosine', 'loss-cosine', 'dna-nas/plugins/loss-cosine']) {
    const resolved = await resolveWith(`distill.loss=${name}`);
    expect((resolved.values.distill as Record<string, unknown>).loss).toEqual({ use: 'cosine' });
    const plugin = resolved.plugins.find(({ slot }) => slot === 'distill.loss');
    expect(plugin).toEqual({
      name: 'loss-cosine',
      reference: { module: 'dna-nas/plugins/loss-cosine', export: 'lossCosine', options: {} },
      slot: 'distill.loss',
      source: '--set',
    });
  }
});

test('a program may choose plugins by making them', async () => {
  const folder = project({
    'base.json': config,
    'dna.config.ts': `
      import { lossCosine } from 'dna-nas/plugins/losses';
      import { optimiserAdam } from 'dna-nas/plugins/optimisers';
      import { rank } from './stages.js';
      export default {
        extends: './base.json',
        distill: { loss: lossCosine(), optimiser: { use: optimiserAdam, beta1: 0.5 } },
        rank: rank({ size: 7 }),
      };`,
  });
  const { values, plugins } = await resolveConfig({ project: folder, set: ['rank.mode=sum'] });
  expect(values.distill).toMatchObject({ loss: { use: 'cosine' }, optimiser: { use: 'adam', beta1: 0.5 } });
  expect(values.rank).toEqual({ ...DEFAULTS, use: './stages.ts#rank', size: 7, mode: 'sum' });
  expect(plugins.map(({ reference }) => reference.module)).not.toContain('./dna.config.ts');
});

test('files are stored relative to the project, with their hash', async () => {
  const folder = project({ 'work/dna.config.json': { extends: '../base.json' }, 'base.json': config });
  const { plugins } = await resolveConfig({ project: `${folder}/work` });
  expect(plugins[0]).toMatchObject({
    name: 'backend-none',
    reference: { module: '../stages.ts', export: 'backend' },
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});
