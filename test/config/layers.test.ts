import { resolveConfig, type UserConfig } from 'dna-nas/configuration';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { COMPLETE, project } from './project.js';

const config = { ...COMPLETE, seed: 11 };
const source = `import { defineConfig } from 'dna-nas';
export default defineConfig(${JSON.stringify(config)});`;

test.each([
  ['dna.config.ts', `type Seed = number;\n${source}`],
  ['dna.config.js', source],
  ['dna.config.mjs', source],
  ['dna.config.json', JSON.stringify(config)],
  ['dna.config.yaml', stringify(config)],
  ['package.json', JSON.stringify({ name: 'somebody', dna: config })],
])('%s is found, in a folder that has no node_modules', async (file, content) => {
  const resolved = await resolveConfig({ project: project({ [file]: content }) });
  expect(resolved.seed).toBe(11);
  expect(resolved.sources.seed).toBe(`file ${file}`);
  expect(resolved.values.rank).toEqual({ use: './stages.ts#rank', size: 2, mode: 'mean', list: [1, 2] });
});

test('a CommonJS dna.config.js is read, too', async () => {
  const folder = project({ 'dna.config.js': `module.exports = ${JSON.stringify(config)};` });
  expect((await resolveConfig({ project: folder })).seed).toBe(11);
});

test('each value comes from the strongest layer that has it, and says so', async () => {
  const folder = project({
    'base.yaml': stringify({
      ...COMPLETE,
      seed: 2,
      checkpointSeconds: 9,
      search: { use: COMPLETE.search, size: 3, mode: 'sum' },
    }),
    'configs/near.json': { extends: '../base.yaml', seed: 3, search: { size: 4 } },
  });
  const resolved = await resolveConfig({
    project: folder,
    configFile: 'configs/near.json',
    set: ['search.limits.macs=2e6', 'search.list=[7]', 'seed=5', 'seed=6'],
  });
  expect(resolved.seed).toBe(6);
  expect(resolved.values.search).toEqual({
    use: './stages.ts#search',
    size: 4,
    mode: 'sum',
    list: [7],
    limits: { macs: 2e6 },
  });
  const { sources } = resolved;
  expect({
    seed: sources.seed,
    checkpointSeconds: sources.checkpointSeconds,
    workers: sources.workers,
    'search.use': sources['search.use'],
    'search.size': sources['search.size'],
    'search.mode': sources['search.mode'],
    'search.list': sources['search.list'],
    'search.limits.macs': sources['search.limits.macs'],
    'rank.size': sources['rank.size'],
  }).toEqual({
    seed: '--set',
    checkpointSeconds: 'file base.yaml',
    workers: 'default',
    'search.use': 'file base.yaml',
    'search.size': 'file configs/near.json',
    'search.mode': 'file base.yaml',
    'search.list': '--set',
    'search.limits.macs': '--set',
    'rank.size': 'default',
  });
});

test('every leaf of the values has a source, and every source a value', async () => {
  const resolved = await resolveConfig({ project: project({ 'dna.config.json': COMPLETE }) });
  const leaves = (value: unknown, path: string): string[] =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, entry]) => leaves(entry, path ? `${path}.${key}` : key))
      : [path];
  const { reports, plugins, ...values } = resolved.values;
  expect([reports, plugins]).toEqual([[], []]);
  const expected = [...leaves(values, ''), ...Object.keys(resolved.machine)];
  expect(Object.keys(resolved.sources).sort()).toEqual(expected.sort());
});

test('--preset stands in for what the file extends; the file still lies over it', async () => {
  const folder = project({
    'one.json': { ...COMPLETE, seed: 21, checkpointSeconds: 1 },
    'two.json': { ...COMPLETE, seed: 22, checkpointSeconds: 2 },
    'dna.config.json': { extends: './one.json', checkpointSeconds: 3 },
  });
  const resolved = await resolveConfig({ project: folder, preset: './two.json' });
  expect(resolved.seed).toBe(22);
  expect(resolved.sources.seed).toBe('file two.json');
  expect(resolved.machine.checkpointSeconds).toBe(3);
});

test('options of the machine and the display stay out of the values', async () => {
  const resolved = await resolveConfig({
    project: project({ 'dna.config.json': COMPLETE }),
    set: ['data.folder=/data', 'workers=2', 'name=other'],
  });
  expect(resolved.machine).toEqual({
    name: 'other',
    runs: 'runs',
    leaseSeconds: 120,
    workers: 2,
    devices: 'auto',
    checkpointSeconds: 60,
    'data.folder': '/data',
  });
  expect(resolved.name).toBe('other');
  expect(JSON.stringify([resolved.values, resolved.plugins])).not.toContain('/data');
});

test('a configuration may be handed over in memory', async () => {
  const resolved = await resolveConfig({ project: project(), config: COMPLETE as UserConfig });
  expect(resolved.sources['rank.use']).toBe('program');
  expect(resolved.name).toBe('run');
});

test('a file may export a function that makes the configuration', async () => {
  const folder = project({ 'dna.config.ts': `export default () => (${JSON.stringify(config)})` });
  expect((await resolveConfig({ project: folder })).seed).toBe(11);
});

test('a program may start from a preset of the package', async () => {
  const text = `import quickstart from 'dna-nas/presets/quickstart';
    export default { ...quickstart(), seed: 12 };`;
  const { seed, preset, sources } = await resolveConfig({ project: project({ 'dna.config.ts': text }) });
  expect({ seed, preset }).toEqual({ seed: 12, preset: null });
  expect(sources['distill.loss.use']).toBe('file dna.config.ts');
});

test('plugins are added to those of what is extended', async () => {
  const folder = project({
    'base.json': { ...COMPLETE, plugins: ['./stages.ts#loss'] },
    'dna.config.json': { extends: './base.json', plugins: ['./stages.ts#otherLoss'] },
  });
  const { plugins } = await resolveConfig({ project: folder, plugins: ['./stages.ts#rank'] });
  expect(plugins.filter(({ slot }) => slot === undefined).map(({ name, source }) => [name, source])).toEqual([
    ['loss-none', 'file base.json'],
    ['loss-other', 'file dna.config.json'],
    ['rank-none', '--plugin'],
  ]);
});
