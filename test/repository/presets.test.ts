import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainHooks, resolveConfig } from 'dna-nas/configuration';
import { applyPlugins, builtInPresets } from 'dna-nas/core/plugin';
import * as presets from 'dna-nas/presets';
import { afterAll, describe, expect, test } from 'vitest';
import { files } from './sources.js';

const project = mkdtempSync(join(tmpdir(), 'dna-presets-'));
afterAll(() => rmSync(project, { recursive: true }));

const camelCase = (name: string) =>
  name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

test('every file of presets is a preset and an export', () => {
  const names = files('presets', /^presets\/[^/]+\.ts$/).map((path) =>
    path.slice('presets/'.length, -'.ts'.length),
  );
  expect(builtInPresets()).toEqual(names.filter((name) => name !== 'index'));
  expect(Object.keys(presets).sort()).toEqual(builtInPresets().map(camelCase).sort());
});

describe.each(builtInPresets())('%s', (preset) => {
  test('resolves to these values', async () => {
    const { values, machine, plugins, name, seed } = await resolveConfig({
      project,
      preset,
      configFile: false,
    });
    const chosen = plugins.map(({ name, slot }) => `${slot}: ${name}`);
    expect({ name, seed, values, machine, plugins: chosen }).toMatchSnapshot();
  });

  test('has an answer to every hook', async () => {
    const config = await resolveConfig({ project, preset, configFile: false });
    const hooks = await explainHooks(await applyPlugins(config, { project, main: true }));
    expect(hooks.filter(({ plugin, error }) => plugin === undefined || error !== undefined)).toEqual([]);
  });
});
