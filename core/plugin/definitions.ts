import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunHooks } from '../hooks.js';
import { BUILT, builtInName } from './catalogue.js';
import type { Plugin, PluginCommand, PluginDefinition } from './plugin.js';

/** What there is to say of a plugin of the package without loading it. */
export interface BuiltInDefinition
  extends Pick<PluginDefinition<object>, 'name' | 'description' | 'options' | 'recipes'> {
  /** Its folder below `plugins`, whose entry exports the factory. */
  readonly folder: string;
  readonly commands?: readonly Omit<PluginCommand, 'run'>[];
  readonly derive?: { readonly when: object };
  /** Its taps, with their place among those of a hook where they ask for one. */
  readonly taps: readonly { readonly hook: keyof RunHooks; readonly stage?: number }[];
}

const FILE = join(BUILT, 'plugins', 'definitions.json');

let read: Readonly<Record<string, BuiltInDefinition>> | undefined;

function readDefinitions(): Readonly<Record<string, BuiltInDefinition>> {
  read ??= JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, BuiltInDefinition>>;
  return read;
}

/** Names of the plugins that come with the package, sorted. */
export function builtInPlugins(): string[] {
  return Object.keys(readDefinitions());
}

/** The entry of the package that a module is imported from: of a plugin that is named, the one of its folder. */
export function entryOf(module: string): string {
  const name = builtInName(module);
  const folder = name === undefined ? undefined : readDefinitions()[name]?.folder;
  return folder === undefined ? module : `dna-nas/plugins/${folder}`;
}

/**
 * The definition of a plugin of the package by its full name, as the build has written it down from the plugin: to load
 * the plugin itself would load all that it computes with.
 */
export function builtInDefinition(name: string): BuiltInDefinition {
  const found = readDefinitions()[name];
  if (!found) throw new Error(`${FILE} does not know ${name}: build the package (npm run build).`);
  return found;
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
