import { resolve } from 'node:path';
import { type Json, type JsonObject, packageVersion } from 'dna-nas/core';
import { invalidConfig, type ResolvedConfig, type ValueSource } from 'dna-nas/core/config';
import { builtInPlugins, REPORTS, SLOTS, type Slot, type SlotPath } from 'dna-nas/core/plugin';
import type { Problem } from 'dna-nas/errors';
import type { ConfigRequest } from '../config-request.js';
import { CORE_OPTIONS, DEFAULT_REPORTS } from './core-options.js';
import { type Layer, type Layers, loadLayers } from './layers.js';
import {
  describeTarget,
  describeTargets,
  expectedPlugin,
  type Location,
  locatePlugin,
  locateUse,
  type PluginKind,
} from './locate.js';
import { type Merged, mergeOver, NOTHING, sourceOf } from './merge.js';
import { type Choice, nestedSlots, type ParsedLayer, readLayer } from './read-layer.js';
import { isRecipe, withoutReplaced, withoutVainWishes, withRecipes } from './recipes.js';
import { Resolution } from './resolution.js';
import { type UnderivedConfig, withDerived } from './with-derived.js';

/**
 * Reads a run's configuration: defaults, then the preset, the file and `--set`, each over the one before. The result
 * is plain data; plugins are references that every thread can import. Relative files start from `request.project`.
 *
 * @throws DnaError `CONFIG_INVALID` with everything that is wrong at once; `CONFIG_MISSING`, `CONFIG_UNREADABLE` and
 * `MODULE_UNREADABLE` where there is nothing to check.
 */
export async function resolveConfig(request: ConfigRequest = {}): Promise<ResolvedConfig> {
  const { layers, preset } = await loadLayers(request);
  const project = resolve(request.project ?? process.cwd());
  const resolveAll = (all: readonly Layer[]) => resolveLayers({ layers: all, preset }, request);
  return withDerived(layers, { project, resolveAll });
}

async function resolveLayers({ layers, preset }: Layers, request: ConfigRequest): Promise<UnderivedConfig> {
  const project = resolve(request.project ?? process.cwd());
  const resolution = new Resolution(project);
  const written = layers.map((layer) => readLayer(layer, resolution.problems));
  const parsed = await withRecipes(written, resolution);
  const core = resolveCore(parsed, preset, resolution);
  const added = [...parsed.flatMap((layer) => layer.plugins), ...flagChoices(request.plugins ?? [], project)];
  const isGiven = core.architecture !== undefined || core.architectures !== undefined;
  const paths = isGiven ? TRAINING_SLOTS : SLOT_PATHS;
  const slots = await resolveSlots(parsed, resolution, { paths, complete: added.length === 0 });
  const reports = await resolveReports(parsed, resolution);
  const plugins = await resolveList(added, { prefix: '', what: 'a plugin' }, resolution);
  if (resolution.problems.length > 0) throw invalidConfig(resolution.problems);
  const { sources, machine, derivations } = resolution;
  const config: ResolvedConfig = {
    version: packageVersion(),
    preset,
    name: String(machine.name),
    seed: Number(core.seed),
    values: { ...core, ...slots, reports, plugins },
    plugins: resolution.plugins,
    sources,
    machine,
  };
  return { config, derivations };
}

function resolveCore(
  layers: readonly ParsedLayer[],
  preset: string | null,
  resolution: Resolution,
): JsonObject {
  let merged = mergeOver(NOTHING, { name: preset ?? 'run' }, 'default');
  for (const { core, layer } of layers) merged = mergeOver(merged, core, layer.source);
  const { result } = resolution.check(CORE_OPTIONS, nameForGiven(merged), { path: '' });
  resolution.problems.push(...contradictions(result));
  return result;
}

/** A run that trains networks given by flag does not take the name of the search that is configured beside it. */
function nameForGiven(merged: Merged): Merged {
  const { values, sources } = merged;
  if (sources.get('name') === '--set') return merged;
  const named = (part: unknown) => mergeOver(merged, { name: `${values.name}-${part}` }, 'flag');
  if (isFromFlag(merged, 'architectures')) return named('truth');
  if (!isFromFlag(merged, 'architecture')) return merged;
  return named(NAME_PART.test(String(values.architecture)) ? values.architecture : 'retrain');
}

function isFromFlag({ sources }: Merged, name: string): boolean {
  return sourceOf(sources, name) === 'flag';
}

/** What a run cannot be asked for at once. */
function contradictions({ architecture, architectures, trainings }: JsonObject): Problem[] {
  if (architecture !== undefined && architectures !== undefined)
    return [{ path: 'architectures', expected: 'nothing, as architecture names the one network to train' }];
  if (trainings !== undefined && architectures === undefined)
    return [{ path: 'trainings', expected: 'nothing, as architectures, which it counts for, are not given' }];
  return [];
}

function flagChoices(plugins: readonly string[], project: string): Choice[] {
  const layer: Layer = { source: '--plugin', config: {}, folder: project };
  return plugins.map((use) => ({ layer, path: '--plugin', use, options: {} }));
}

const SLOT_PATHS = Object.keys(SLOTS) as SlotPath[];
/** What training a given network uses. */
const TRAINING_SLOTS = SLOT_PATHS.filter((path) => /^(backend|data|space|retrain|launcher)(\.|$)/.test(path));
const NAME_PART = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/** So many missing slots are one problem: there is no preset. */
const MANY = 5;

/** One slot's choices, put together. */
interface MergedSlot {
  readonly location: Location;
  readonly source: ValueSource;
  readonly options: Merged;
}

async function resolveSlots(
  layers: readonly ParsedLayer[],
  resolution: Resolution,
  { paths, complete }: { paths: readonly SlotPath[]; complete: boolean },
): Promise<Record<string, Json>> {
  const tree: Record<string, Record<string, Json>> = {};
  const byUser = new Set<string>();
  const missing: SlotPath[] = [];
  for (const path of paths) {
    const [parent = path, name] = path.split('.');
    const choices = layers.map((layer) => layer.slots.get(path)).filter((choice) => choice !== undefined);
    if (tree[parent] !== undefined && !byUser.has(parent))
      choices.unshift(...defaultChoice(path, resolution));
    const merged = await mergeSlot(path, choices, resolution);
    if (merged === 'wrong') byUser.add(path);
    else if (merged) {
      if (!merged.location.builtIn) byUser.add(path);
      const value = await addSlot(path, merged, resolution);
      if (name === undefined) tree[path] = value;
      else tree[parent] = { ...tree[parent], [name]: value };
    } else if (complete && isMissed(path, { tree, byUser })) {
      missing.push(path);
    }
  }
  reportMissing(missing, resolution.problems);
  return tree;
}

/** Whether a run cannot do without a plugin in an empty slot. */
function isMissed(
  path: SlotPath,
  { tree, byUser }: { tree: Readonly<Record<string, unknown>>; byUser: ReadonlySet<string> },
): boolean {
  const { optional = false, broughtBy }: Slot = SLOTS[path];
  const [parent = path, name] = path.split('.');
  return (
    !optional &&
    broughtBy === undefined &&
    !byUser.has(parent) &&
    (name === undefined || tree[parent] !== undefined)
  );
}

/** What stands in a slot inside of one of our plugins if nobody says otherwise. */
function defaultChoice(path: SlotPath, { project }: Resolution): Choice[] {
  const { default: use }: Slot = SLOTS[path];
  if (use === undefined) return [];
  const layer: Layer = { source: 'default', config: {}, folder: project };
  return [{ layer, path, use, options: {} }];
}

/** A user's own plugin may do without the nested slots; ours do not. */
function reportMissing(paths: readonly SlotPath[], problems: Problem[]): void {
  const unsaid = paths.filter((path) => !problems.some((problem) => problem.path.startsWith(path)));
  if (unsaid.length >= MANY) {
    const expected = 'a plugin for each; a preset chooses them all: --preset NAME, or `extends`';
    problems.push({ path: unsaid.join(', '), found: 'nothing', expected });
    return;
  }
  for (const path of unsaid) {
    const names = builtInPlugins().filter((name) => name.startsWith(SLOTS[path].prefix));
    const short = names.map((name) => name.slice(SLOTS[path].prefix.length));
    problems.push({ path, found: 'nothing', expected: expectedPlugin(SLOTS[path], short) });
  }
}

/**
 * Lays a slot's choices over each other: another plugin drops the options that were meant for the one before, but not
 * what a recipe wishes of whichever plugin is there.
 */
async function mergeSlot(
  path: SlotPath,
  choices: readonly Choice[],
  { project, problems }: Resolution,
): Promise<MergedSlot | 'wrong' | undefined> {
  let current: { location: Location; source: ValueSource } | undefined;
  let options = NOTHING;
  let wishes = NOTHING;
  for (const choice of joinSettings(choices)) {
    const { source } = choice.layer;
    if (choice.use !== undefined || choice.plugin) {
      const location = choice.plugin
        ? await locatePlugin(choice, SLOTS[path], project)
        : locateUse(choice, SLOTS[path], project);
      if (!('module' in location)) {
        problems.push(location);
        return 'wrong';
      }
      if (choice.plugin || location.use !== current?.location.use) options = wishes;
      current = { location, source };
    }
    if (isRecipe(source)) options = withoutReplaced(options, choice);
    if (isRecipe(source) && choice.use === undefined) wishes = mergeOver(wishes, choice.options, source);
    options = mergeOver(options, choice.options, source);
  }
  return current && { ...current, options };
}

/** All `--set` of a command speak together: one that names the plugin leaves the others' options alone. */
function joinSettings(choices: readonly Choice[]): Choice[] {
  const isSetting = (choice: Choice) => choice.layer.source === '--set';
  const settings = choices.filter(isSetting);
  if (settings.length < 2) return [...choices];
  const options = settings.reduce((all, { options }) => mergeOver(all, options, '--set'), NOTHING).values;
  const use = settings.findLast((choice) => choice.use !== undefined)?.use;
  const joined: Choice = { ...settings[0]!, ...(use !== undefined && { use }), options };
  return [...choices.filter((choice) => !isSetting(choice)), joined];
}

async function addSlot(
  path: SlotPath,
  merged: MergedSlot,
  resolution: Resolution,
): Promise<Record<string, Json>> {
  const target = await describeTarget(merged.location, resolution.project);
  const options = withoutVainWishes(merged.options, target);
  return resolution.add({ path, slot: path, target, ...merged, options }, nestedSlots(path));
}

async function resolveReports(layers: readonly ParsedLayer[], resolution: Resolution): Promise<Json[]> {
  const given = layers.findLast((layer) => layer.reports)?.reports;
  return resolveList(given ?? defaultReports(resolution.project), REPORTS, resolution, 'reports');
}

function defaultReports(project: string): Choice[] {
  const layer: Layer = { source: 'default', config: {}, folder: project };
  return DEFAULT_REPORTS.map((use, index) => ({ layer, path: `${REPORTS.path}.${index}`, use, options: {} }));
}

/** Plugins that are all applied, in order; one file may hold several. */
async function resolveList(
  choices: readonly Choice[],
  kind: PluginKind,
  resolution: Resolution,
  slot?: 'reports',
): Promise<Json[]> {
  const values: Json[] = [];
  for (const choice of choices) {
    const location = choice.plugin
      ? await locatePlugin(choice, kind, resolution.project)
      : choice.use === undefined
        ? {
            path: choice.path,
            source: choice.layer.source,
            found: 'no `use`',
            expected: `the name of ${kind.what}`,
          }
        : locateUse(choice, kind, resolution.project);
    if (!('module' in location)) {
      resolution.problems.push(location);
      continue;
    }
    const { source } = choice.layer;
    const options = mergeOver(NOTHING, choice.options, source);
    for (const target of await describeTargets(location, resolution.project)) {
      const path = `${slot ?? 'plugins'}.${values.length}`;
      values.push(resolution.add({ path, ...(slot && { slot }), location, target, options, source }));
    }
  }
  return values;
}
