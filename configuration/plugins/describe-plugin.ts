import type { Json, OptionKind, PluginDefinition } from 'dna-nas/core';
import { expectation } from 'dna-nas/core/config';
import { builtInPlugin, isFactory } from 'dna-nas/core/plugin';
import { loadTarget } from '../resolve/locate.js';
import { loadPlugins } from './load-plugins.js';

/** A plugin for people who choose one. */
export interface PluginDescription {
  readonly name: string;
  readonly description: string;
  readonly options: readonly {
    readonly name: string;
    readonly description: string;
    /** What is allowed, in words. */
    readonly expected: string;
    readonly default?: Json;
    readonly required: boolean;
    readonly kind: OptionKind;
  }[];
}

/** Definition of a plugin that comes with the package. */
export async function loadDefinition(name: string): Promise<PluginDefinition<object>> {
  const { value } = await loadTarget({ use: name, ...builtInPlugin(name), builtIn: true }, process.cwd());
  return isFactory(value) ? value.definition : { name, description: '', apply: (run) => value.apply(run) };
}

/** Describes a plugin that comes with the package by its full name. */
export async function describePlugin(name: string): Promise<PluginDescription> {
  return describeDefinition(await loadDefinition(name));
}

/** Describes the plugins of a file or package, or one of this package: whatever `use` names. */
export async function describePlugins(use: string, project: string): Promise<PluginDescription[]> {
  const loaded = await loadPlugins(use, project);
  return loaded.map(({ name, factory }) =>
    describeDefinition(factory?.definition ?? { name, description: '' }),
  );
}

function describeDefinition(
  definition: Pick<PluginDefinition<object>, 'name' | 'description' | 'options'>,
): PluginDescription {
  const { name, description, options } = definition;
  const required = options?.required ?? [];
  const entries = Object.entries(options?.properties ?? {}).map(([option, schema]) => ({
    name: option,
    description: schema.description,
    expected: expectation(schema),
    ...(schema.default !== undefined && { default: schema.default }),
    required: required.includes(option),
    kind: schema.kind ?? ('result' as const),
  }));
  return { name, description, options: entries };
}
