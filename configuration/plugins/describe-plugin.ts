import type { Json, OptionKind, PluginDefinition } from 'dna-nas/core';
import { builtInDefinition, builtInPlugins } from 'dna-nas/core/plugin';
import { expectation } from 'dna-nas/errors';
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

/** Describes a plugin that comes with the package by its full name, without loading it. */
export function describePlugin(name: string): PluginDescription {
  return describeDefinition(builtInDefinition(name));
}

/** Describes the plugins of a file or package, or one of this package: whatever `use` names. */
export async function describePlugins(use: string, project: string): Promise<PluginDescription[]> {
  if (builtInPlugins().includes(use)) return [describePlugin(use)];
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
