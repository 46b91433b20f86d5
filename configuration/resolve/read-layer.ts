import type { Plugin, PluginFactory } from 'dna-nas/core';
import { isFactory, isPlugin, locationOf, REPORTS, SLOTS, type SlotPath } from 'dna-nas/core/plugin';
import { type Problem, show, unknownName } from 'dna-nas/errors';
import { isPlainObject } from 'dna-nas/files';
import { CORE_OPTIONS } from './core-options.js';
import type { Layer } from './layers.js';

/** What one layer says about one place for a plugin. */
export interface Choice {
  readonly layer: Layer;
  /** Path of the value: a slot, `reports.0` or `plugins.0`. */
  readonly path: string;
  readonly use?: string;
  /** A plugin that was made in a program, instead of `use`. */
  readonly plugin?: Plugin;
  readonly options: Readonly<Record<string, unknown>>;
}

/** One layer, taken apart. */
export interface ParsedLayer {
  readonly layer: Layer;
  readonly core: Readonly<Record<string, unknown>>;
  readonly slots: ReadonlyMap<SlotPath, Choice>;
  readonly reports?: readonly Choice[];
  readonly plugins: readonly Choice[];
}

const SLOT_PATHS = Object.keys(SLOTS) as SlotPath[];
const CORE_KEYS = Object.keys(CORE_OPTIONS.properties);
/** What is read before, and the schema that an editor checks a file by. */
const BESIDE = ['extends', '$schema'];
const TOP_KEYS = [
  'extends',
  ...CORE_KEYS,
  ...SLOT_PATHS.filter((path) => !path.includes('.')),
  REPORTS.path,
  'plugins',
  'smoke',
];

/** Names of the slots inside a slot: `loss`, `optimiser`, `learningRate` of `distill`. */
export function nestedSlots(path: string): string[] {
  return SLOT_PATHS.filter((slot) => slot.startsWith(`${path}.`)).map((slot) => slot.slice(path.length + 1));
}

/** Takes a layer apart and reports what cannot be understood. */
export function readLayer(layer: Layer, problems: Problem[]): ParsedLayer {
  const reader = new LayerReader(layer, problems);
  for (const [key, value] of Object.entries(layer.config)) {
    if (value !== undefined) reader.read(key, value);
  }
  return reader.parsed;
}

class LayerReader {
  private readonly slots = new Map<SlotPath, Choice>();
  private readonly core: Record<string, unknown> = {};
  private reports: Choice[] | undefined;
  private plugins: Choice[] = [];

  constructor(
    private readonly layer: Layer,
    private readonly problems: Problem[],
  ) {}

  get parsed(): ParsedLayer {
    const { layer, core, slots, reports, plugins } = this;
    return { layer, core, slots, plugins, ...(reports && { reports }) };
  }

  read(key: string, value: unknown): void {
    const fromFlag = this.layer.source === '--set';
    if (CORE_KEYS.includes(key)) this.core[key] = value;
    else if (Object.hasOwn(SLOTS, key) && !key.includes('.')) this.readSlot(key as SlotPath, value);
    else if (key === REPORTS.path) this.reports = this.readList(key, value);
    else if (key === 'extends' && fromFlag) this.refuse(key, value, 'a preset given by --preset');
    else if (key === 'plugins' && fromFlag) this.refuse(key, value, 'a plugin given by --plugin');
    else if (key === 'plugins') this.plugins = this.readList(key, value) ?? [];
    else if (fromFlag || !BESIDE.includes(key)) this.refuseName(key, value);
  }

  private readSlot(path: SlotPath, value: unknown): void {
    const choice = this.readChoice(path, value, SLOTS[path].what);
    if (!choice) return;
    const options = { ...choice.options };
    for (const name of nestedSlots(path)) {
      if (options[name] !== undefined) this.readSlot(`${path}.${name}` as SlotPath, options[name]);
      delete options[name];
    }
    this.slots.set(path, { ...choice, options });
  }

  private readList(key: string, value: unknown): Choice[] | undefined {
    if (!Array.isArray(value)) {
      this.refuse(key, value, 'a list of plugins');
      return undefined;
    }
    const choices = value.map((entry, index) => this.readChoice(`${key}.${index}`, entry, 'a plugin'));
    return choices.filter((choice) => choice !== undefined);
  }

  private readChoice(path: string, value: unknown, what: string): Choice | undefined {
    const { layer } = this;
    if (typeof value === 'string' && value !== '') return { layer, path, use: value, options: {} };
    if (isFactory(value)) return this.readPlugin(path, value());
    if (isPlugin(value)) return this.readPlugin(path, value);
    if (!isPlainObject(value)) {
      this.refuse(path, value, `${what}: its name, or { use: name, …options }`);
      return undefined;
    }
    const { use, ...options } = value;
    if (use === undefined) return { layer, path, options };
    if (isFactory(use)) return this.readFactory(path, use, options);
    if (typeof use === 'string' && use !== '') return { layer, path, use, options };
    this.refuse(`${path}.use`, use, `the name of ${what}`);
    return undefined;
  }

  private readPlugin(path: string, plugin: Plugin): Choice {
    return { layer: this.layer, path, plugin, options: { ...plugin.reference?.options } };
  }

  /** `{ use: myLoss, epsilon: 2 }` in a program. */
  private readFactory(
    path: string,
    factory: PluginFactory,
    options: Record<string, unknown>,
  ): Choice | undefined {
    const location = locationOf(factory.definition);
    if (!location) {
      this.refuse(`${path}.use`, factory, 'a name, or a plugin made by calling the factory');
      return undefined;
    }
    return { layer: this.layer, path, use: `${location.module}#${location.export}`, options };
  }

  private refuse(path: string, value: unknown, expected: string): void {
    this.problems.push({ path, source: this.layer.source, found: show(value), expected });
  }

  private refuseName(key: string, value: unknown): void {
    const fromFlag = this.layer.source === '--set';
    const allowed = TOP_KEYS.filter((name) => !fromFlag || !['extends', 'plugins', 'smoke'].includes(name));
    const problem = unknownName(key, key, allowed, 'one of');
    const found = `an unknown option, set to ${show(value)}`;
    this.problems.push({
      ...problem,
      expected: `one of ${allowed.join(', ')}`,
      source: this.layer.source,
      found,
    });
  }
}
