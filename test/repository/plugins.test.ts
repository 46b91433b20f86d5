import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describePlugin } from 'dna-nas/configuration';
import type { OptionSchema, PluginFactory } from 'dna-nas/core';
import { checkValues } from 'dna-nas/core/config';
import { builtInDefinition, builtInPlugins, REPORTS, SLOTS } from 'dna-nas/core/plugin';
import { describe, expect, test } from 'vitest';
import { files, ROOT, read } from './sources.js';

const PREFIXES = [...Object.values(SLOTS).map(({ prefix }) => prefix), REPORTS.prefix];

const shortName = (name: string) => name.slice(PREFIXES.find((prefix) => name.startsWith(prefix))!.length);
const camelCase = (name: string) =>
  name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Dotted names of all options, nested ones included, with their schemas. */
function allOptions(properties: object, path = ''): [name: string, schema: OptionSchema][] {
  return Object.entries(properties).flatMap(([name, schema]) => [
    [path + name, schema] as [string, OptionSchema],
    ...allOptions(schema.properties ?? {}, `${path}${name}.`),
  ]);
}

test('every folder of plugins exports one or more', () => {
  const folders = files('plugins', /^plugins\/[^/]+\/index\.ts$/).map((path) => path.split('/')[1]);
  const found = new Set(builtInPlugins().map((name) => builtInDefinition(name).folder));
  expect([...found].sort()).toEqual(folders);
});

describe.each(builtInPlugins())('%s', async (name) => {
  const { folder } = builtInDefinition(name);
  const exported = (await import(`dna-nas/plugins/${folder}`)) as Record<string, PluginFactory>;
  const factory = exported[camelCase(name)]!;

  test('exports its factory under its name in camel case', () => {
    expect(factory).toBeTypeOf('function');
    expect(factory.definition.name).toBe(name);
    expect(PREFIXES.some((prefix) => name.startsWith(prefix))).toBe(true);
  });

  test('is described, and its options are', async () => {
    const { description, options } = factory.definition;
    expect(description).toMatch(/^[A-Z].*\.$|^[a-z]+\.[a-z]+ .*\.$/);
    const undescribed = allOptions(options?.properties ?? {}).filter(
      ([, schema]) => !schema.description?.trim(),
    );
    expect(undescribed).toEqual([]);
    expect((await describePlugin(name)).options).toHaveLength(Object.keys(options?.properties ?? {}).length);
  });

  test('has defaults that its own schema allows', () => {
    const properties = factory.definition.options?.properties ?? {};
    const defaults = checkValues(name, { properties }, {});
    expect(checkValues(name, { properties }, defaults)).toEqual(defaults);
  });

  test('is reached by other threads by its name', () => {
    const required = factory.definition.options?.required ?? [];
    if (required.length > 0) expect(() => factory()).toThrow(required[0]);
    else {
      const { reference } = factory();
      expect(reference).toMatchObject({ module: `dna-nas/plugins/${name}`, export: camelCase(name) });
      // What is stored is plain data.
      expect(JSON.parse(JSON.stringify(reference))).toEqual(reference);
    }
  });

  test('has a README in its folder that names it and all its options', () => {
    const path = `plugins/${folder}/README.md`;
    expect(existsSync(join(ROOT, path)), `${path} is missing`).toBe(true);
    const text = read(path);
    expect(text).toMatch(`# ${folder}\n`);
    if (folder !== name) expect(text).toContain(`| \`${shortName(name)}\` |`);
    const untold = Object.keys(factory.definition.options?.properties ?? {}).filter(
      (option) => !text.includes(`\`${option}\``),
    );
    expect(untold).toEqual([]);
  });
});
