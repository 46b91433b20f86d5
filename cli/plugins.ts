import {
  builtInPlugins,
  describePlugin,
  type PluginDescription,
  SLOTS,
  unknownPluginName,
} from 'dna-nas/core';
import { formatTable, printJson } from './table.js';

/** `dna plugins`: all plugins by slot; `dna plugins loss-cosine`: what can be set. */
export async function pluginsCommand(names: readonly string[], { json }: { json: boolean }): Promise<void> {
  const known = builtInPlugins();
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownPluginName(unknown, known);
  const plugins = await Promise.all((names.length > 0 ? names : known).map(describePlugin));
  if (json) return printJson(plugins);
  const text = names.length > 0 ? plugins.map(formatOptions).join('\n\n') : formatList(plugins);
  process.stdout.write(`${text}\n`);
}

function formatList(plugins: readonly PluginDescription[]): string {
  const prefixes = new Map<string, string[]>();
  for (const [slot, { prefix }] of Object.entries(SLOTS))
    prefixes.set(prefix, [...(prefixes.get(prefix) ?? []), slot]);
  prefixes.set('report-', ['reports']);
  const sections = [...prefixes].map(([prefix, slots]) => {
    const rows = plugins
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name, description }) => [`  ${name.slice(prefix.length)}`, description]);
    return rows.length > 0 ? [`${slots.join(', ')}\n${formatTable(rows)}`] : [];
  });
  return sections.flat().join('\n');
}

function formatOptions({ name, description, options }: PluginDescription): string {
  const rows = options.map((option) => {
    const value = option.required ? 'required' : `default ${JSON.stringify(option.default) ?? 'none'}`;
    return [`  ${option.name}`, option.expected, value, option.description];
  });
  return `${name}: ${description}\n${rows.length > 0 ? formatTable(rows) : '  It has no options.'}`;
}
