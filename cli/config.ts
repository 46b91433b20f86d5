import {
  type AppliedRun,
  applyPlugins,
  type ConfigRequest,
  explainHooks,
  type HookAnswer,
  type Json,
  type ResolvedConfig,
  resolveConfig,
} from 'dna-nas/core';
import { formatTable, printJson } from './table.js';

/** `dna config`: each value with its source, each hook with who answers it and who was passed over. */
export async function configCommand(request: ConfigRequest, { json }: { json: boolean }): Promise<void> {
  const config = await resolveConfig(request);
  const run = await applyPlugins(config, { project: request.project ?? process.cwd(), main: true });
  const hooks = await explainHooks(run);
  if (json) return printJson({ ...config, hooks, replaced: run.replaced });
  const sections = [
    `Values (dna run --set path=value changes one)\n${formatTable(valueRows(config))}`,
    `Plugins, in the order of adding\n${formatTable(pluginRows(config, run))}`,
    `Hooks\n${formatTable(hooks.map(hookRow))}`,
  ];
  process.stdout.write(`${sections.join('\n\n')}\n`);
}

function valueRows({ values, machine, sources }: ResolvedConfig): string[][] {
  const inTree = (path: string) =>
    path
      .split('.')
      .reduce<Json | undefined>((tree, key) => (tree as Record<string, Json> | undefined)?.[key], values);
  const ofMachine = (path: string) =>
    Object.keys(machine).find((key) => path === key || path.startsWith(`${key}.`));
  return Object.entries(sources).map(([path, source]) => {
    const key = ofMachine(path);
    const value = key === undefined ? inTree(path) : key === path ? machine[key] : undefined;
    const kind = key === undefined ? '' : ' (not part of the result)';
    return [`  ${path.replace(/\.use$/, '')}`, show(value), source + kind];
  });
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
