import {
  applyToShow,
  type ConfigRequest,
  describePlugin,
  describePlugins,
  explainHooks,
  type PluginDescription,
  resolveConfig,
  unknownPluginName,
} from 'dna-nas/configuration';
import { createHooks } from 'dna-nas/core';
import { builtInPlugins, REPORTS, SLOTS } from 'dna-nas/core/plugin';
import { DnaError } from 'dna-nas/errors';
import { formatTable, printJson } from './table.js';

/** One hook of a run: its kind, and who taps it or answers it where there is a configuration. */
interface HookDescription {
  readonly hook: string;
  readonly kind: 'asks' | 'changes' | 'tells';
  /** Slots it is asked for, with the plugin that answers; those that tap it otherwise. */
  readonly answers: readonly { readonly slot?: string; readonly plugin: string }[];
}

/** `dna plugins`: all plugins by slot and the hooks; with names, what can be set. */
export async function pluginsCommand(
  names: readonly string[],
  { request, json }: { request: ConfigRequest; json: boolean },
): Promise<void> {
  if (names.length > 0) {
    const plugins = (await Promise.all(names.map(describeNamed))).flat();
    return json ? printJson({ plugins }) : print(plugins.map(formatOptions).join('\n\n'));
  }
  const plugins = builtInPlugins().map(describePlugin);
  const hooks = await describeHooks(request);
  if (json) return printJson({ plugins, hooks });
  print(`${formatList(plugins)}\n\n${formatHooks(hooks)}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A name that is one word is of the package or of another one; a file has a slash. */
async function describeNamed(name: string): Promise<PluginDescription[]> {
  try {
    return await describePlugins(name, process.cwd());
  } catch (error) {
    const isFile = /[/\\.]/.test(name);
    if (isFile || !(error instanceof DnaError) || error.code !== 'CONFIG_INVALID') throw error;
    throw unknownPluginName(name, builtInPlugins());
  }
}

async function describeHooks(request: ConfigRequest): Promise<HookDescription[]> {
  const run = await configured(request);
  const hooks = createHooks();
  const answers = run ? await explainHooks(run) : [];
  return Object.entries(hooks).map(([hook, empty]) => {
    const kind = hook.startsWith('resolve')
      ? 'asks'
      : empty.constructor === hooks.runFinished.constructor
        ? 'tells'
        : 'changes';
    const asked = answers.filter((answer) => answer.hook === hook && answer.plugin !== undefined);
    const taps = run?.hooks[hook as keyof typeof hooks].taps ?? [];
    return {
      hook,
      kind,
      answers:
        kind === 'asks'
          ? asked.map(({ slot, plugin }) => ({ slot, plugin: plugin! }))
          : taps.map(({ name }) => ({ plugin: name })),
    };
  });
}

/** The run that is configured here; undefined where nothing is, which is no mistake. */
async function configured(request: ConfigRequest) {
  try {
    const config = await resolveConfig(request);
    return await applyToShow(config, request.project ?? process.cwd());
  } catch (error) {
    if (error instanceof DnaError && error.code === 'CONFIG_MISSING') return undefined;
    throw error;
  }
}

function formatHooks(hooks: readonly HookDescription[]): string {
  const rows = hooks.map(({ hook, kind, answers }) => {
    const who = answers.map(({ slot, plugin }) =>
      slot === undefined || answers.length === 1 ? plugin : `${slot}: ${plugin}`,
    );
    return [`  ${hook}`, kind, [...new Set(who)].join(', ') || '–'];
  });
  const nobody = hooks.every(({ answers }) => answers.length === 0);
  const hint = nobody ? '\nWho answers is shown for a configuration: add --preset quickstart.' : '';
  return `hooks (asks for a part, changes a value, tells what happened), and who is there\n${formatTable(rows)}${hint}`;
}

function formatList(plugins: readonly PluginDescription[]): string {
  const prefixes = new Map<string, string[]>();
  for (const [slot, { prefix }] of Object.entries(SLOTS))
    prefixes.set(prefix, [...(prefixes.get(prefix) ?? []), slot]);
  prefixes.set(REPORTS.prefix, [REPORTS.path]);
  const sections = [...prefixes].map(([prefix, slots]) => {
    const rows = plugins
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name, description }) => [`  ${name.slice(prefix.length)}`, description]);
    return rows.length > 0 ? [`${slots.join(', ')}\n${formatTable(rows)}`] : [];
  });
  return sections.flat().join('\n');
}

function formatOptions({ name, description, options }: PluginDescription): string {
  const rows = options.flatMap((option) => {
    const value = option.required ? 'required' : `default ${JSON.stringify(option.default) ?? 'none'}`;
    return [
      [`  ${option.name}`, option.description],
      ['', `${value}; ${option.expected}`],
    ];
  });
  return `${name}: ${description}\n${rows.length > 0 ? formatTable(rows) : '  It has no options.'}`;
}
