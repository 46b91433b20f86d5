import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { resolveConfig, type UserConfig } from 'dna-nas/configuration';
import type { ResolvedConfig } from 'dna-nas/core/config';
import { applyPlugins } from 'dna-nas/core/plugin';
import { expect, test } from 'vitest';
import { COMPLETE, project } from './project.js';

const DEFINE = `import { definePlugin } from 'dna-nas/core';
const make = (name) => definePlugin({ name, description: name, apply(run) { run.hooks.resolveSampler.tap(name, () => name); } });`;

/** What the loss turns out to be in a worker thread that has only the plain data. */
async function lossInWorker(config: ResolvedConfig, folder: string): Promise<unknown> {
  const plain = JSON.parse(JSON.stringify(config));
  const worker = new Worker(new URL('./apply-in-worker.mjs', import.meta.url), {
    workerData: { config: plain, project: folder },
  });
  try {
    return await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  } finally {
    await worker.terminate();
  }
}

const SAME = { name: 'loss-user', sameClass: true, sameFunction: true, sameEngine: true };

test("a user's TypeScript file is reached in a worker and shares the framework's classes and tensor engine", async () => {
  const folder = project({ 'dna.config.json': COMPLETE });
  const set = ['distill.loss=./user-loss.ts', 'distill.loss.factor=3', 'distill.loss.folder=/there'];
  const config = await resolveConfig({ project: folder, set });
  expect(await lossInWorker(config, folder)).toEqual({ ...SAME, options: { factor: 3, folder: '/there' } });
});

test('a plugin made in dna.config.ts is reached by the file that defines it', async () => {
  const folder = project({
    'base.json': COMPLETE,
    'dna.config.ts': `import { userLoss } from './user-loss';
      export default { extends: './base.json', plugins: [userLoss({ factor: 4 })] };`,
  });
  const config = await resolveConfig({ project: folder });
  expect(config.plugins.at(-1)!.reference).toEqual({
    module: './user-loss.ts',
    export: 'userLoss',
    options: { factor: 4 },
  });
  expect(await lossInWorker(config, folder)).toEqual({ ...SAME, options: { factor: 4, folder: 'here' } });
});

test('a plugin written inline is reached through its program', async () => {
  const folder = project({
    'base.json': COMPLETE,
    'dna.config.ts': `export default { extends: './base.json',
      distill: { loss: { name: 'inline', apply: (run) => run.hooks.resolveLoss.tap('inline', () => ({ name: 'inline' })) } } };`,
  });
  const config = await resolveConfig({ project: folder });
  expect(config.plugins.find(({ slot }) => slot === 'distill.loss')).toMatchObject({
    name: 'inline',
    reference: { module: './dna.config.ts', export: 'default.distill.loss', options: {} },
    sha256: expect.any(String),
  });
  expect(await lossInWorker(config, folder)).toMatchObject({ name: 'inline' });
});

test('a file that has changed is named before anything is made', async () => {
  const folder = project({ 'dna.config.json': COMPLETE });
  const config = await resolveConfig({ project: folder, plugins: ['./user-loss.ts'] });
  appendFileSync(join(folder, 'user-loss.ts'), '\n');
  expect(await lossInWorker(config, folder)).toEqual({
    code: 'PLUGIN_CHANGED',
    message: 'The file ./user-loss.ts of the plugin loss-user has changed since the run was configured.',
  });
});

test.each([
  ['a factory by default', `${DEFINE} export default make('one');`, ['one']],
  ['a ready plugin', `${DEFINE} export default make('one')();`, ['one']],
  ['a list of both', `${DEFINE} export default [make('one'), make('two')()];`, ['one', 'two']],
  [
    'named factories',
    `${DEFINE} export const a = make('one'); export const b = make('two');`,
    ['one', 'two'],
  ],
])('--plugin takes %s', async (_, source, names) => {
  const folder = project({ 'dna.config.json': COMPLETE, 'mine.ts': source });
  const config = await resolveConfig({ project: folder, plugins: ['./mine.ts'] });
  expect(config.plugins.filter(({ slot }) => slot === undefined).map(({ name }) => name)).toEqual(names);
  const run = await applyPlugins(config, { project: folder, main: true });
  expect(await run.resolve('resolveSampler', 'supernet.sampler')).toBe(names.at(-1));
});

test('a package of the project is a plugin, too', async () => {
  const folder = project({
    'dna.config.json': COMPLETE,
    'node_modules/somebody-loss/package.json': {
      name: 'somebody-loss',
      type: 'module',
      exports: './index.js',
    },
    'node_modules/somebody-loss/index.js': `export default { name: 'somebody', apply(run) {
      run.hooks.resolveSampler.tap('somebody', () => 'theirs'); } };`,
  });
  const config = await resolveConfig({ project: folder, plugins: ['somebody-loss'] });
  expect(config.plugins.at(-1)!.reference).toEqual({
    module: 'somebody-loss',
    export: 'default',
    options: {},
  });
  const run = await applyPlugins(config, { project: folder, main: true });
  expect(await run.resolve('resolveSampler', 'supernet.sampler')).toBe('theirs');
});

test('a plugin that no other thread could reach is refused', async () => {
  const plugin = { name: 'lonely', apply: () => undefined };
  const config = { ...COMPLETE, plugins: [plugin] } as UserConfig;
  await expect(resolveConfig({ project: project(), config })).rejects.toThrow(
    /lonely, which other threads cannot/,
  );
});

test("a user's file reaches every entry of the package as the copy that runs", async () => {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: object };
  const names = Object.keys(exports).filter((name) => !/\*|json$/.test(name));
  const entries = names.map((name) => `dna-nas${name.slice(1)}`);
  const folder = project({
    'base.json': COMPLETE,
    'dna.config.ts': `${entries.map((name, index) => `import * as e${index} from '${name}';`).join('\n')}
      globalThis.reachedEntries = [${entries.map((_, index) => `e${index}`).join(', ')}];
      export default { extends: './base.json' };`,
  });
  await resolveConfig({ project: folder });
  const { reachedEntries } = globalThis as { reachedEntries?: readonly Record<string, unknown>[] };
  for (const [index, name] of entries.entries()) {
    const running = await import(name);
    const other = Object.keys(running).filter((key) => running[key] !== reachedEntries![index]![key]);
    expect({ name, other }).toEqual({ name, other: [] });
  }
});
