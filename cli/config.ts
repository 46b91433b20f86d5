import {
  applyToShow,
  type ConfigRequest,
  explainHooks,
  type HookAnswer,
  resolveConfig,
} from 'dna-nas/configuration';
import type { Json } from 'dna-nas/core';
import type { ResolvedConfig } from 'dna-nas/core/config';
import type { AppliedRun } from 'dna-nas/core/plugin';
import { formatTable, printJson } from './table.js';

/** `dna config`: each value with its source, each hook with who answers it and who was passed over. */
export async function configCommand(request: ConfigRequest, { json }: { json: boolean }): Promise<void> {
  const config = await resolveConfig(request);
  const run = await applyToShow(config, request.project ?? process.cwd());
  const hooks = await explainHooks(run);
  if (json) return printJson({ ...config, hooks, replaced: run.replaced });
  const { result, machine } = valueRows(config);
  const sections = [
    `Values (--set path=value changes one)\n${formatTable(result)}`,
    `Of this machine and the display (free to change while a run goes on)\n${formatTable(machine)}`,
    `Plugins, in the order of adding\n${formatTable(pluginRows(config, run))}`,
    `Hooks\n${formatTable(hooks.map(hookRow))}`,
  ];
  process.stdout.write(`${sections.join('\n\n')}\n`);
}

/** Path, source and value of each leaf; the value last, as it may be long, and below it why it is so. */
function valueRows({
  values,
  machine,
  sources,
  reasons = {},
}: ResolvedConfig): Record<'result' | 'machine', string[][]> {
  const rows: Record<'result' | 'machine', string[][]> = { result: [], machine: [] };
  for (const [path, source] of Object.entries(sources)) {
    const kept = Object.keys(machine).find((key) => path === key || path.startsWith(`${key}.`));
    const value = kept === undefined ? at(values, path) : at(machine[kept], path.slice(kept.length + 1));
    const reason = reasons[path] === undefined ? [] : [['', '', `← ${reasons[path]}`]];
    rows[kept === undefined ? 'result' : 'machine'].push(
      [`  ${path.replace(/\.use$/, '')}`, source, show(value)],
      ...reason,
    );
  }
  return rows;
}

function at(tree: Json | undefined, path: string): Json | undefined {
  const keys = path === '' ? [] : path.split('.');
  return keys.reduce<Json | undefined>(
    (value, key) => (value as Record<string, Json> | undefined)?.[key],
    tree,
  );
}

function show(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function pluginRows(config: ResolvedConfig, run: AppliedRun): string[][] {
  return config.plugins.map((plugin) => [
    `  ${plugin.name}`,
    plugin.slot ?? 'any slot',
    `${plugin.reference.module}#${plugin.reference.export}`,
    run.replaced.includes(plugin) ? `${plugin.source}, replaced by a later one` : plugin.source,
  ]);
}

function hookRow({ hook, slot, plugin, passedOver, error }: HookAnswer): string[] {
  const answer = plugin ?? (error === undefined ? 'nobody' : `failed: ${error.split('\n')[0]}`);
  const rest = passedOver.length > 0 ? `passed over: ${passedOver.join(', ')}` : '';
  return [`  ${hook}`, slot, answer, rest];
}
