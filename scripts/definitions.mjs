// What the plugins of the package say of themselves, and the checks of their options, for those who want to load neither
// the plugins nor what makes checks.
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createHooks } from 'dna-nas/core';
import { builtInPlugin, isFactory } from 'dna-nas/core/plugin';
import { transformSync } from 'esbuild';
import { createAjv, nameOf, schemaFault, toJsonSchema } from '../dist/core/config/compile-schema.js';
import { invalidDefinition } from '../dist/core/errors.js';

const { default: standalone } = createRequire(import.meta.url)('ajv/dist/standalone/index.js');
const built = (name) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));

/** The file that `builtInDefinition` reads, and its text, from the plugins themselves. */
export async function definitions() {
  const folders = readdirSync(built('plugins')).filter((folder) =>
    existsSync(built(`plugins/${folder}/index.js`)),
  );
  const found = (await Promise.all(folders.map(definitionsIn))).flat();
  const byName = found.map((one) => [one.name, one]).sort(([one], [other]) => (one < other ? -1 : 1));
  return { file: built('plugins/definitions.json'), text: JSON.stringify(Object.fromEntries(byName)) };
}

/** Plugins are the factories that the entry of a folder exports, each under its name in camel case. */
async function definitionsIn(folder) {
  const factories = Object.entries(await import(`dna-nas/plugins/${folder}`)).filter(([, one]) =>
    isFactory(one),
  );
  return factories.map(([exported, { definition }]) => {
    const { name, description, options, recipes, commands, derive } = definition;
    const expected = builtInPlugin(name).export;
    if (exported !== expected)
      throw invalidDefinition(name, `it is exported as ${exported}, not as ${expected}`);
    const schemas = [options, ...(commands ?? []).map((command) => command.options)];
    for (const fault of schemas.flatMap((schema) => (schema && schemaFault(schema)) ?? []))
      throw invalidDefinition(name, `a schema of it cannot be used: ${fault}`);
    return { name, folder, description, options, recipes, derive, commands, taps: tapsOf(definition) };
  });
}

/** With its options' defaults: which hooks a plugin of ours taps hangs on none of them. */
function tapsOf({ options, apply }) {
  const hooks = createHooks();
  const taps = [];
  for (const hook of Object.keys(hooks))
    hooks[hook].intercept({
      register(tap) {
        const { stage } = tap;
        taps.push({ hook, ...(stage !== undefined && { stage }) });
        return tap;
      },
    });
  const entries = Object.entries(options?.properties ?? {});
  const defaults = Object.fromEntries(entries.map(([option, schema]) => [option, schema.default]));
  apply({ hooks, seed: 0, project: '', main: true }, defaults);
  return taps;
}

/** The file of checks that `compileSchema` takes them from, and its text. */
export function checks(schemas) {
  const maker = createAjv({ source: true });
  const bySchema = new Map(schemas.map((schema) => [nameOf(schema), schema]));
  for (const [name, schema] of bySchema) maker.addSchema(toJsonSchema(schema), name);
  const names = Object.fromEntries([...bySchema.keys()].map((name) => [name, name]));
  // Node reads all of it where one check is asked for: half a million characters as ajv writes them.
  const { code } = transformSync(standalone(maker, names), { minify: true, target: 'es2023' });
  return { file: built('core/config/checks.cjs'), text: code };
}
