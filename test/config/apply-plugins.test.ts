import { explainHooks, resolveConfig } from 'dna-nas/configuration';
import { createHooks, type ResolveHook } from 'dna-nas/core';
import { applyPlugins } from 'dna-nas/core/plugin';
import { expect, test } from 'vitest';
import { COMPLETE, project } from './project.js';

/** A project whose `mine.ts` exports plugins by name, each tapping as its body says. */
async function runWith(
  bodies: Readonly<Record<string, string>>,
  options: { main?: boolean; config?: object } = {},
) {
  const factories = Object.entries(bodies).map(
    ([name, body]) =>
      `export const ${name} = definePlugin({ name: '${name}', description: 'Mine.', apply(run) { ${body} } });`,
  );
  const source = `import { definePlugin, stopped } from 'dna-nas/core';\n${factories.join('\n')}`;
  const files = { 'mine.ts': source, 'dna.config.json': { ...COMPLETE, ...options.config } };
  const folder = project(files);
  const plugins = options.config ? [] : Object.keys(bodies).map((name) => `./mine.ts#${name}`);
  const config = await resolveConfig({ project: folder, plugins });
  return applyPlugins(config, { project: folder, main: options.main ?? true });
}

const answers = (hook: string, value: string) => `run.hooks.${hook}.tap('x', () => ${value});`;

test('the plugin that was added last is asked first, and the next one if it has no answer', async () => {
  const run = await runWith({
    first: answers('resolveSampler', `'first'`),
    second: answers('resolveSampler', `'second'`),
    third: answers('resolveSampler', 'undefined'),
  });
  expect(await run.resolve('resolveSampler', 'supernet.sampler')).toBe('second');
  const sampler = (await explainHooks(run)).find(({ hook }) => hook === 'resolveSampler');
  expect(sampler).toEqual({
    hook: 'resolveSampler',
    slot: 'supernet.sampler',
    plugin: 'second',
    passedOver: ['first'],
  });
});

test('a plugin without a slot is asked before those of the slots, for every slot', async () => {
  const run = await runWith({ mine: answers('resolveOptimiser', `'mine'`) });
  expect(await run.resolve('resolveOptimiser', 'retrain.optimiser')).toBe('mine');
  const explained = (await explainHooks(run)).filter(({ hook }) => hook === 'resolveOptimiser');
  expect(explained).toEqual(
    ['distill.optimiser', 'retrain.optimiser'].map((slot) => ({
      hook: 'resolveOptimiser',
      slot,
      plugin: 'mine',
      passedOver: ['optimiser-none'],
    })),
  );
});

test('a plugin of a slot answers for this slot alone', async () => {
  const run = await runWith(
    { mine: answers('resolveOptimiser', `'mine'`) },
    { config: { distill: { ...COMPLETE.distill, optimiser: './mine.ts#mine' } } },
  );
  expect(await run.resolve('resolveOptimiser', 'distill.optimiser')).toBe('mine');
  expect(await run.resolve('resolveOptimiser', 'retrain.optimiser')).toMatchObject({
    name: 'optimiser-none',
  });
});

test('a plugin of a slot may answer other hooks freely', async () => {
  const run = await runWith(
    { mine: answers('resolveSupernet', `'net'`) + answers('resolveSampler', `'paths'`) },
    { config: { supernet: './mine.ts#mine' } },
  );
  expect(await run.resolve('resolveSupernet', 'supernet')).toBe('net');
  expect(await run.resolve('resolveSampler', 'anywhere')).toBe('paths');
});

test('the same plugin in two slots keeps the options of each', async () => {
  const folder = project({ 'dna.config.json': COMPLETE });
  const set = ['distill.optimiser.size=3', 'retrain.optimiser.size=4', 'retrain.optimiser.folder=/r'];
  const config = await resolveConfig({ project: folder, set });
  const run = await applyPlugins(config, { project: folder, main: true });
  expect(await run.resolve('resolveOptimiser', 'distill.optimiser')).toMatchObject({ options: { size: 3 } });
  const retrain = await run.resolve('resolveOptimiser', 'retrain.optimiser');
  expect(retrain).toMatchObject({ options: { size: 4, folder: '/r' } });
  expect(run.replaced).toEqual([]);
});

test('what makes the result cannot be set as an option of the machine', async () => {
  const folder = project({ 'dna.config.json': COMPLETE });
  const config = await resolveConfig({ project: folder });
  const machine = { ...config.machine, 'rank.size': 3 };
  await expect(applyPlugins({ ...config, machine }, { project: folder, main: false })).rejects.toThrow(
    'rank.size\n    found     3\n    expected  options of this machine alone: folder',
  );
});

test('a later plugin of the same name replaces the earlier one', async () => {
  const folder = project({
    'dna.config.json': COMPLETE,
    'mine.ts': `export default { name: 'optimiser-none', apply(run) {
      run.hooks.resolveOptimiser.tap('x', ({ slot }) => slot === 'distill.optimiser' ? 'new' : undefined); } };`,
  });
  const config = await resolveConfig({ project: folder, plugins: ['./mine.ts'] });
  const run = await applyPlugins(config, { project: folder, main: true });
  expect(run.replaced.map(({ slot }) => slot)).toEqual(['distill.optimiser', 'retrain.optimiser']);
  expect(await run.resolve('resolveOptimiser', 'distill.optimiser')).toBe('new');
  await expect(run.resolve('resolveOptimiser', 'retrain.optimiser')).rejects.toMatchObject({
    code: 'HOOK_UNANSWERED',
    exitCode: 2,
    message: 'No plugin answered resolveOptimiser: there is no optimiser for retrain.optimiser.',
    hint: expect.stringContaining('--set retrain.optimiser='),
  });
});

test("an answer passes through its noun's waterfall", async () => {
  const run = await runWith({
    wrapper: `run.hooks.loss.tap('x', (loss) => ({ ...loss, wrapped: true }));
      run.hooks.sampler.tapPromise('x', async (sampler) => sampler + ' wrapped');`,
    sampler: answers('resolveSampler', `'paths'`),
  });
  expect(await run.resolve('resolveLoss', 'distill.loss')).toMatchObject({
    name: 'loss-none',
    wrapped: true,
  });
  expect(await run.resolve('resolveSampler', 'supernet.sampler')).toBe('paths wrapped');
});

const asked = Object.keys(createHooks()).filter((hook) => hook.startsWith('resolve')) as ResolveHook[];

test.each(asked)('whoever answers %s, another plugin can wrap it', async (hook) => {
  const noun = hook === 'resolveStep' ? 'stepFactory' : hook.charAt(7).toLowerCase() + hook.slice(8);
  const run = await runWith({
    answerer: answers(hook, `'answer'`),
    wrapper: `run.hooks.${noun}.tap('x', (answer) => answer + ' wrapped');`,
  });
  expect(await run.resolve(hook, 'anywhere')).toBe('answer wrapped');
});

const THROWING = {
  sync: `run.hooks.resolveLoss.tap('x', () => { throw new Error('broken'); });`,
  promise: `run.hooks.resolveLoss.tapPromise('x', async () => { throw new Error('broken'); });`,
  async: `run.hooks.resolveLoss.tapAsync('x', (request, done) => done(new Error('broken')));`,
  'async, thrown': `run.hooks.resolveLoss.tapAsync('x', () => { throw new Error('broken'); });`,
};

test.each(Object.entries(THROWING))('an error in a tap names plugin and hook: %s', async (_, body) => {
  const run = await runWith({ clumsy: body });
  await expect(run.resolve('resolveLoss', 'distill.loss')).rejects.toMatchObject({
    code: 'PLUGIN_FAILED',
    message: 'The plugin clumsy failed in resolveLoss: broken',
    cause: expect.objectContaining({ message: 'broken' }),
  });
});

test('an error in a value or event hook names plugin and hook, too, and so does one in apply', async () => {
  const run = await runWith({ clumsy: `run.hooks.noticed.tap('x', () => { throw new Error('broken'); });` });
  await expect(run.hooks.noticed.promise('x')).rejects.toThrow('The plugin clumsy failed in noticed: broken');
  await expect(runWith({ clumsy: `throw new Error('broken');` })).rejects.toThrow(
    'clumsy failed in apply: broken',
  );
});

test('an error that is meant for people passes through unchanged', async () => {
  const run = await runWith({ calm: `run.hooks.resolveLoss.tap('x', () => { throw stopped(); });` });
  await expect(run.resolve('resolveLoss', 'distill.loss')).rejects.toMatchObject({
    code: 'STOPPED',
    exitCode: 75,
  });
});

test('past-tense hooks are tapped in the main thread only', async () => {
  const body = `run.hooks.timeSpent.tap('x', (event) => { event.seen = true; });
    run.hooks.found.tap('x', (found) => ({ ...found, changed: true }));`;
  for (const main of [true, false]) {
    const { hooks } = await runWith({ mine: body }, { main });
    const event: { seen?: boolean } = {};
    await hooks.timeSpent.promise(event as never);
    expect(event.seen).toBe(main ? true : undefined);
    expect(await hooks.found.promise({} as never)).toEqual({ changed: true });
  }
});

test('plugins resolve what they need of each other', async () => {
  const run = await runWith({
    mine: `run.hooks.resolveStep.tapPromise('x', async () => run.resolve('resolveLoss', 'distill.loss'));`,
  });
  expect(await run.resolve('resolveStep', 'distill.step')).toMatchObject({ name: 'loss-none' });
});
