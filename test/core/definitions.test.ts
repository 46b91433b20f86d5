import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyToShow, explainHooks, resolveConfig } from 'dna-nas/configuration';
import { applyPlugins, builtInPresets, INPUT_HOOKS } from 'dna-nas/core/plugin';
import { expect, it } from 'vitest';
import { projectFolder } from '../run/project-folder.js';

const { definitions } = (await import(new URL('../../scripts/definitions.mjs', import.meta.url).href)) as {
  definitions(): Promise<{ readonly file: string; readonly text: string }>;
};

it('what the build wrote down of the plugins is what they say', async () => {
  const { file, text } = await definitions();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(text));
});

const FIXED = builtInPresets().filter((preset) => preset !== 'auto');

it.each(FIXED)(
  'who answers in %s is told alike by its plugins and by what stands in for them',
  async (preset) => {
    const project = projectFolder('dna-definitions-');
    const config = await resolveConfig({ project, preset, configFile: false });
    const real = await applyPlugins(config, { project, main: true });
    const shown = await applyToShow(config, project);
    expect(await explainHooks(shown)).toEqual(await explainHooks(real));
    const taps = ({ hooks }: typeof real) =>
      Object.entries(hooks).map(([hook, found]: [string, { taps: { name: string }[] }]) => [
        hook,
        found.taps.map(({ name }) => name),
      ]);
    expect(taps(shown)).toEqual(taps(real));
  },
);

/** A rating that asks for the loss, which has to be a real one. */
const ASKING = `export default {
  name: 'asking',
  apply(run) {
    run.hooks.resolveRating.tapPromise('asking', async () => {
      const { name, compute } = await run.resolve('resolveLoss', 'distill.loss');
      return { name: name.toUpperCase(), compute };
    });
  },
};`;

it('a plugin from elsewhere asks the others themselves', async () => {
  const project = projectFolder('dna-definitions-');
  writeFileSync(join(project, 'asking.mjs'), ASKING);
  const request = { project, preset: 'quickstart', configFile: false as const, plugins: ['./asking.mjs'] };
  const answers = await explainHooks(await applyToShow(await resolveConfig(request), project));
  expect(answers.find(({ slot }) => slot === 'rank.rating')).toEqual({
    hook: 'resolveRating',
    slot: 'rank.rating',
    plugin: 'asking',
    passedOver: ['rating-relative-l1'],
  });
});

it('who describes data, teacher and space loads no other plugin, unless one from elsewhere may ask it', async () => {
  const project = projectFolder('dna-definitions-');
  writeFileSync(join(project, 'asking.mjs'), ASKING);
  const applied = async (plugins: readonly string[]) => {
    const config = await resolveConfig({ project, preset: 'quickstart', configFile: false, plugins });
    const run = await applyPlugins(config, { project, main: false, asked: INPUT_HOOKS });
    return [...new Set(run.taps.map(({ plugin }) => plugin))].sort();
  };
  expect(await applied([])).toEqual([
    'data-idx',
    'partition-resolution',
    'space-mbconv',
    'teacher-efficientnet',
  ]);
  expect(await applied(['./asking.mjs'])).toEqual(
    expect.arrayContaining(['asking', 'data-idx', 'loss-feature-mse', 'rank-candidates']),
  );
});
