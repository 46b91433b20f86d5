import { existsSync } from 'node:fs';
import { DnaError } from 'dna-nas/errors';
import type { FileLayer } from 'dna-nas/files';
import { hashFile, loadModule, reach, resolveModule } from '../config/load-module.js';
import type { ResolvedConfig, ResolvedPlugin } from '../config/types.js';
import {
  changedModule,
  invalidConfig,
  pluginFailed,
  unansweredHook,
  unreadableModule,
  unusableExport,
} from '../errors.js';
import { ANSWERS, createHooks, type RunHooks } from '../hooks.js';
import { builtInDefinition, standIn } from './definitions.js';
import { isFactory, isPlugin } from './is-plugin.js';
import type { Json, Plugin, PluginFactory, PluginRun, ResolveAnswer, ResolveHook } from './plugin.js';
import { type TapOwner, type TapRecord, watchTaps } from './plugin-taps.js';
import { SLOTS, type SlotPath } from './slots.js';

export interface ApplyOptions {
  /** Folder that relative paths of the configuration start from. */
  readonly project: string;
  /** Whether this is the main thread, where past-tense hooks run. */
  readonly main: boolean;
  /** Threads of this process that execute tasks. @default 1 */
  readonly workers?: number;
  /** Cores that this thread may keep busy now. */
  readonly cores?: () => number;
  /** All are the package's, and none is loaded: what stands in for each taps the same hooks. @default false */
  readonly standIns?: boolean;
  /**
   * The only hooks that are called: where all plugins are the package's, those that tap none of them are not loaded.
   * @default any
   */
  readonly asked?: readonly (keyof RunHooks)[];
  /** The disk that caches lie on, for tests. @default the real one */
  readonly files?: FileLayer | undefined;
}

/** A run with its plugins applied, and what `dna config` tells about them. */
export interface AppliedRun extends PluginRun {
  /** Plugins that were not applied, because one of the same name was added later. */
  readonly replaced: readonly ResolvedPlugin[];
  /** Taps on resolve hooks, in the order of being asked. */
  readonly taps: readonly TapRecord[];
  /** Who answered, by hook and slot, as far as they were asked: `resolveLoss distill.loss` → `loss-cosine`. */
  readonly answers: ReadonlyMap<string, string>;
}

/**
 * Imports the plugins of a configuration in order, makes them and lets them tap the hooks of a fresh table. Works in
 * any thread from the plain data of `config`.
 *
 * @throws DnaError `PLUGIN_CHANGED` if a user's file is not the one that was resolved, `PLUGIN_EXPORT` and
 * `MODULE_UNREADABLE` if it cannot be had, `PLUGIN_FAILED` if `apply` throws.
 */
export async function applyPlugins(config: ResolvedConfig, options: ApplyOptions): Promise<AppliedRun> {
  const hooks = createHooks();
  const state: RunState = { owner: undefined, taps: [], answers: new Map() };
  watchTaps({
    hooks,
    main: options.main,
    owner: () => state.owner,
    tapped: (record, order) => state.taps.push({ record, order }),
    answered: (hook, slot, plugin) => state.answers.set(`${hook} ${slot}`, plugin),
  });
  const { kept, replaced } = withoutReplaced(config.plugins);
  const run = createRun(hooks, { config, options, state, replaced });
  const paths = pathsOf(config.plugins);
  for (const [order, entry] of kept.entries()) {
    if (!isAsked(entry, config, options)) continue;
    const path = paths.get(entry)!;
    const machine = { path, options: machineOptions(config, path) };
    const plugin = options.standIns ? standIn(entry.name) : await makePlugin(entry, machine, options.project);
    state.owner = { name: entry.name, ...(entry.slot && { slot: entry.slot }), order };
    try {
      plugin.apply(run);
    } catch (error) {
      throw error instanceof DnaError ? error : pluginFailed(entry.name, 'apply', error);
    } finally {
      state.owner = undefined;
    }
  }
  return run;
}

/** One from elsewhere may call any hook. */
function isAsked({ name }: ResolvedPlugin, { plugins }: ResolvedConfig, { asked }: ApplyOptions): boolean {
  if (!asked || plugins.some(({ sha256 }) => sha256 !== undefined)) return true;
  return builtInDefinition(name).taps.some(({ hook }) => asked.includes(hook));
}

interface RunState {
  owner: TapOwner | undefined;
  readonly taps: { readonly record: TapRecord; readonly order: number }[];
  readonly answers: Map<string, string>;
}

interface RunDependencies {
  readonly config: ResolvedConfig;
  readonly options: ApplyOptions;
  readonly state: RunState;
  readonly replaced: readonly ResolvedPlugin[];
}

function createRun(hooks: RunHooks, { config, options, state, replaced }: RunDependencies): AppliedRun {
  const { architecture, architectures = architecture === undefined ? undefined : [architecture] } =
    config.values;
  return {
    hooks,
    seed: config.seed,
    project: options.project,
    ...(Array.isArray(architectures) && { architectures: architectures.map(String) }),
    main: options.main,
    config,
    workers: options.workers ?? 1,
    ...(options.cores && { cores: options.cores }),
    ...(options.files && { files: options.files }),
    replaced,
    answers: state.answers,
    get taps() {
      return [...state.taps].sort((a, b) => b.order - a.order).map(({ record }) => record);
    },
    resolve: (hook, slot) => ask(hooks, hook, slot),
  };
}

async function ask<Name extends ResolveHook>(
  hooks: RunHooks,
  hook: Name,
  slot: string,
): Promise<ResolveAnswer<Name>> {
  const answer = await hooks[hook].promise({ slot });
  if (answer === undefined || answer === null) throw unansweredHook(hook, ...missing(hook, slot));
  const waterfall = hooks[ANSWERS[hook]] as unknown as { promise(value: unknown): Promise<unknown> };
  return (await waterfall.promise(answer)) as ResolveAnswer<Name>;
}

function missing(hook: ResolveHook, slot: string): [what: string, fix: string] {
  const known = Object.hasOwn(SLOTS, slot) ? SLOTS[slot as SlotPath] : undefined;
  if (known?.hook === hook) {
    return [
      `${known.what.replace(/^an? /, '')} for ${slot}`,
      `Choose one (--set ${slot}=…; \`dna plugins\` lists them) or add a plugin that taps ${hook}.`,
    ];
  }
  return [
    `answer for ${slot}`,
    `Add a plugin that taps ${hook}: --plugin ./my-plugin.ts, or \`plugins\` in the configuration.`,
  ];
}

/** A later plugin replaces earlier ones of its name: those of its slot, or, outside of the slots, all. */
function withoutReplaced(plugins: readonly ResolvedPlugin[]) {
  const isReplaced = (entry: ResolvedPlugin, index: number) =>
    plugins.slice(index + 1).some((later) => later.name === entry.name && replaces(later, entry));
  const replaced = plugins.filter(isReplaced);
  return { replaced, kept: plugins.filter((entry) => !replaced.includes(entry)) };
}

function replaces(later: ResolvedPlugin, earlier: ResolvedPlugin): boolean {
  return later.slot === undefined || (later.slot === earlier.slot && later.slot !== 'reports');
}

/** Dotted path of each plugin's options: its slot, or its number in its list. */
function pathsOf(plugins: readonly ResolvedPlugin[]): Map<ResolvedPlugin, string> {
  const counts = { reports: 0, plugins: 0 };
  const number = (list: 'reports' | 'plugins') => `${list}.${counts[list]++}`;
  const path = ({ slot }: ResolvedPlugin) => (slot && slot !== 'reports' ? slot : number(slot ?? 'plugins'));
  return new Map(plugins.map((entry) => [entry, path(entry)]));
}

/** The machine's and display's options of one plugin, which the stored reference does not hold. */
function machineOptions(config: ResolvedConfig, path: string): Record<string, Json> {
  const slots = Object.keys(SLOTS).filter((slot) => slot.startsWith(`${path}.`));
  const own = Object.entries(config.machine).filter(
    ([key]) => key.startsWith(`${path}.`) && !slots.some((slot) => key.startsWith(`${slot}.`)),
  );
  return Object.fromEntries(own.map(([key, value]) => [key.slice(path.length + 1), value]));
}

interface MachineOptions {
  readonly path: string;
  readonly options: Readonly<Record<string, Json>>;
}

async function makePlugin(entry: ResolvedPlugin, machine: MachineOptions, project: string): Promise<Plugin> {
  const { module, export: name, options } = entry.reference;
  if (entry.sha256 !== undefined) checkUnchanged(entry, project);
  const value = reach(await loadModule(module, project), name);
  if (isFactory(value)) {
    checkMachine(value, machine);
    return value({ ...options, ...machine.options });
  }
  if (isPlugin(value)) return value;
  throw unusableExport(module, name, []);
}

/** A machine may not change what makes the result. */
function checkMachine({ definition }: PluginFactory, { path, options }: MachineOptions): void {
  const properties = Object.entries(definition.options?.properties ?? {});
  const free = properties.filter(([, { kind = 'result' }]) => kind !== 'result').map(([name]) => name);
  const wrong = Object.entries(options).filter(([name]) => !free.includes(name));
  if (wrong.length === 0) return;
  const expected =
    free.length > 0 ? `options of this machine alone: ${free.join(', ')}` : 'no option of this machine';
  throw invalidConfig(
    wrong.map(([name, value]) => ({ path: `${path}.${name}`, found: JSON.stringify(value), expected })),
  );
}

function checkUnchanged(entry: ResolvedPlugin, project: string): void {
  const { module } = entry.reference;
  const file = resolveModule(module, project);
  if (file === undefined || !existsSync(file)) throw unreadableModule(module, new Error('the file is gone'));
  if (hashFile(file) !== entry.sha256) throw changedModule(entry.name, module);
}
