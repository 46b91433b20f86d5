import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFault } from '../config/compile-schema.js';
import { invalidDefinition } from '../errors.js';
import { createHooks, type RunHooks } from '../hooks.js';
import { BUILT, builtInPlugin, builtInPlugins } from './catalogue.js';
import type { Plugin, PluginCommand, PluginDefinition, PluginFactory, PluginRun } from './plugin.js';

/** What there is to say of a plugin of the package without loading it. */
export interface BuiltInDefinition
  extends Pick<PluginDefinition<object>, 'name' | 'description' | 'options' | 'recipes'> {
  readonly commands?: readonly Omit<PluginCommand, 'run'>[];
  readonly derive?: { readonly when: object };
  /** Its taps, with their place among those of a hook where they ask for one. */
  readonly taps: readonly { readonly hook: keyof RunHooks; readonly stage?: number }[];
}

const FILE = join(BUILT, 'plugins', 'definitions.json');

let read: Readonly<Record<string, BuiltInDefinition>> | undefined;

/**
 * The definition of a plugin of the package by its full name, as the build has written it down from the plugin: to load
 * the plugin itself would load all that it computes with.
 */
export function builtInDefinition(name: string): BuiltInDefinition {
  read ??= JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, BuiltInDefinition>>;
  const found = read[name];
  if (!found) throw new Error(`${FILE} does not know ${name}: build the package (npm run build).`);
  return found;
}

/** The file's text, from the plugins themselves: for the build, and for the test that holds the file to them. */
export async function writeDefinitions(): Promise<{ file: string; text: string }> {
  const entries: [string, BuiltInDefinition][] = [];
  for (const name of builtInPlugins()) {
    const { module, export: factory } = builtInPlugin(name);
    const { definition } = (await import(module))[factory] as PluginFactory;
    const { description, options, recipes, commands, derive } = definition;
    const schemas = [options, ...(commands ?? []).map((command) => command.options)];
    for (const fault of schemas.flatMap((schema) => (schema && schemaFault(schema)) ?? []))
      throw invalidDefinition(name, `a schema of it cannot be used: ${fault}`);
    const described = { name, description, options, recipes, derive, commands, taps: tapsOf(definition) };
    entries.push([name, described]);
  }
  return { file: FILE, text: JSON.stringify(Object.fromEntries(entries)) };
}

/** With its options' defaults: which hooks a plugin of ours taps hangs on none of them. */
function tapsOf({ options, apply }: PluginDefinition<object>): BuiltInDefinition['taps'] {
  const hooks = createHooks();
  const taps: BuiltInDefinition['taps'][number][] = [];
  for (const hook of Object.keys(hooks) as (keyof RunHooks)[])
    hooks[hook].intercept({
      register(tap) {
        const { stage } = tap;
        taps.push({ hook, ...(stage !== undefined && { stage }) });
        return tap;
      },
    });
  const entries = Object.entries(options?.properties ?? {});
  const defaults = Object.fromEntries(entries.map(([option, schema]) => [option, schema.default]));
  apply({ hooks, seed: 0, project: '', main: true } as PluginRun, defaults);
  return taps;
}

/** Taps what the plugin itself would tap, and answers nothing of use: for those who ask who answers. */
export function standIn(name: string): Plugin {
  return {
    name,
    apply({ hooks }) {
      for (const { hook, ...place } of builtInDefinition(name).taps)
        hooks[hook].tap({ name, ...place }, (() => ({})) as never);
    },
  };
}
