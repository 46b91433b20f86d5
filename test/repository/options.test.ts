import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describePlugin } from 'dna-nas/configuration';
import { builtInPlugins } from 'dna-nas/core/plugin';
import { expect, test } from 'vitest';
import { ROOT } from './sources.js';

/** For each option, the file of tests that fails where the option never arrives (scripts/mutation/deaf-options.mjs). */
const ROWS: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(join(ROOT, 'test/options/shown-by.json'), 'utf8'),
);
const { core: OF_THE_RUN = {}, ...OF_PLUGINS } = ROWS;

test.each(builtInPlugins())('every option of %s is shown by a test', async (name) => {
  const { options } = await describePlugin(name);
  expect(Object.keys(OF_PLUGINS[name] ?? {}).sort()).toEqual(options.map((option) => option.name).sort());
});

test('every option of the run itself is shown by a test', () => {
  const reference = readFileSync(join(ROOT, 'docs/reference/options.md'), 'utf8');
  const table = reference.split('\n## ').find((section) => section.startsWith('The run itself'))!;
  const names = Array.from(table.matchAll(/^\| `(\w+)`/gm), ([, name]) => name);
  expect(names.length).toBeGreaterThan(0);
  expect(Object.keys(OF_THE_RUN).sort()).toEqual(names.sort());
});

test('no row is of a plugin that is gone, and every test is there', () => {
  for (const name of Object.keys(OF_PLUGINS)) expect(builtInPlugins()).toContain(name);
  for (const file of Object.values(ROWS).flatMap((own) => Object.values(own)))
    expect(existsSync(join(ROOT, file)), file).toBe(true);
});
