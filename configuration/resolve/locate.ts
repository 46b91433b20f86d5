import { existsSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import type { OptionsDerivation, Plugin, PluginFactory } from 'dna-nas/core';
import {
  fileOf,
  isFile,
  type LoadedModule,
  loadModule,
  reach,
  resolveModule,
  unusableExport,
} from 'dna-nas/core/config';
import {
  type BuiltInDefinition,
  builtInDefinition,
  builtInPlugin,
  builtInPlugins,
  isFactory,
  isPlugin,
} from 'dna-nas/core/plugin';
import { type Problem, show, unknownName } from 'dna-nas/errors';
import type { Choice } from './read-layer.js';

/** Where a plugin's code is. */
export interface Location {
  /** As it is stored: `cosine`, `./my-loss.ts#myLoss`. */
  readonly use: string;
  readonly module: string;
  /** Without one, whatever the module exports is meant. */
  readonly export?: string;
  /** Names of a built-in are stored short. */
  readonly builtIn: boolean;
}

/** What a location turned out to hold. */
export interface Target {
  readonly name: string;
  readonly export: string;
  /** A factory, or a plugin that takes no options. */
  readonly value: PluginFactory | Plugin;
}

/** The same without its work. */
export interface DescribedTarget extends Omit<Target, 'value'> {
  /** Absent for a plugin that takes no options. */
  readonly definition?: Pick<BuiltInDefinition, 'options' | 'recipes' | 'derive'>;
  /** Loads what makes values of the teacher's blocks, where the definition has such. */
  derivation(): Promise<OptionsDerivation>;
}

/** What may stand somewhere: plugins of a slot, or any. */
export interface PluginKind {
  /** `loss-`, or empty where any plugin may stand. */
  readonly prefix: string;
  readonly what: string;
}

/** Finds out what a choice's `use` means; a problem if it means nothing. */
export function locateUse(choice: Choice, kind: PluginKind, project: string): Location | Problem {
  const [module = '', name] = choice.use!.split('#');
  const named = name === undefined ? {} : { export: name };
  const suffix = name === undefined ? '' : `#${name}`;
  if (isFile(module)) {
    const file = relativeTo(project, fileOf(choice.layer.folder, module));
    return { use: file + suffix, module: file, ...named, builtIn: false };
  }
  const plugins = builtInPlugins();
  const plain = module.replace(/^dna-nas\/plugins\//, '');
  const builtIn = [kind.prefix + plain, plain].find((candidate) => plugins.includes(candidate));
  if (builtIn?.startsWith(kind.prefix)) {
    return { use: builtIn.slice(kind.prefix.length), ...builtInPlugin(builtIn), builtIn: true };
  }
  if (builtIn === undefined && isPackage(module, project)) {
    return { use: module + suffix, module, ...named, builtIn: false };
  }
  return unknownPlugin(choice, plain, kind);
}

function isPackage(module: string, project: string): boolean {
  return (
    !module.startsWith('dna-nas/') &&
    /^(@|[a-z])/.test(module) &&
    resolveModule(module, project) !== undefined
  );
}

function unknownPlugin(choice: Choice, name: string, kind: PluginKind): Problem {
  const names = builtInPlugins()
    .filter((plugin) => plugin.startsWith(kind.prefix))
    .map((plugin) => plugin.slice(kind.prefix.length));
  const problem = unknownName(choice.path, name, names, `${kind.what}, one of`);
  const file = existsSync(resolve(choice.layer.folder, name)) ? { nearest: `./${name}` } : {};
  const expected =
    kind.prefix === ''
      ? `${kind.what} of the package (\`dna plugins\` lists them), another package's, or a file: ./my-plugin.ts`
      : expectedPlugin(kind, names);
  return { ...problem, source: choice.layer.source, found: show(choice.use), expected, ...file };
}

/** What may stand in a slot, for messages. */
export function expectedPlugin({ what }: PluginKind, names: readonly string[]): string {
  return names.length > 0
    ? `${what}, one of: ${names.join(', ')}; or a file: ./my-plugin.ts`
    : `${what} from a file`;
}

/** Where a plugin that a program made is reached from other threads. */
export async function locatePlugin(
  choice: Choice,
  kind: PluginKind,
  project: string,
): Promise<Location | Problem> {
  const { layer, path, plugin } = choice;
  const { reference, name } = plugin!;
  if (reference) {
    const module = isFile(reference.module)
      ? relativeTo(project, fileOf(project, reference.module))
      : reference.module;
    if (module.startsWith('dna-nas/plugins/')) return locateBuiltIn(choice, kind);
    const found = factoryNamed(await loadModule(module, project), name, reference.export);
    if (found) return { use: `${module}#${found}`, module, export: found, builtIn: false };
  }
  if (layer.module !== undefined) {
    const place = `default.${path}`;
    return { use: `${layer.module}#${place}`, module: layer.module, export: place, builtIn: false };
  }
  return {
    path,
    source: layer.source,
    found: `the plugin ${name}, which other threads cannot reach`,
    expected:
      'a factory from a file of its own, defined with module: import.meta.url and the name of its export',
  };
}

function locateBuiltIn(choice: Choice, kind: PluginKind): Location | Problem {
  const name = choice.plugin!.name;
  if (!name.startsWith(kind.prefix)) return unknownPlugin({ ...choice, use: name }, name, kind);
  return { use: name.slice(kind.prefix.length), ...builtInPlugin(name), builtIn: true };
}

function factoryNamed(module: LoadedModule, name: string, preferred: string): string | undefined {
  const fits = (key: string) => {
    const value = reach(module, key);
    return isFactory(value) && value.definition.name === name;
  };
  return [preferred, ...Object.keys(module)].find(fits);
}

/** The one plugin of a location, described. */
export async function describeTarget(location: Location, project: string): Promise<DescribedTarget> {
  const targets = await describeTargets(location, project);
  if (targets.length === 1) return targets[0]!;
  const names = targets.map((target) => target.export);
  throw unusableExport(location.module, undefined, names);
}

/** All plugins of a location, described. Those of the package are not loaded. */
export async function describeTargets(location: Location, project: string): Promise<DescribedTarget[]> {
  if (location.builtIn) {
    const name = basename(location.module);
    const derivation = async () => derivationOf((await loadTargets(location, project))[0]!);
    return [{ name, export: builtInPlugin(name).export, definition: builtInDefinition(name), derivation }];
  }
  const targets = await loadTargets(location, project);
  return targets.map(({ value, ...target }) => ({
    ...target,
    ...(isFactory(value) && { definition: value.definition }),
    derivation: async () => derivationOf({ value }),
  }));
}

function derivationOf({ value }: Pick<Target, 'value'>): OptionsDerivation {
  return (value as PluginFactory).definition.derive!.make;
}

/** Loads all plugins of a location: the named export, else the default one (a list, too), else all named ones. */
export async function loadTargets(location: Location, project: string): Promise<Target[]> {
  const module = await loadModule(location.module, project);
  if (location.export !== undefined) {
    const targets = targetsOf(reach(module, location.export), location.export);
    if (targets.length > 0) return targets;
    throw unusableExport(location.module, location.export, allTargets(module));
  }
  const targets = targetsOf(module.default, 'default');
  if (targets.length > 0) return targets;
  const named = Object.keys(module).flatMap((key) => targetsOf(module[key], key));
  if (named.length === 0) throw unusableExport(location.module, undefined, []);
  return named;
}

function targetsOf(value: unknown, path: string): Target[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => targetsOf(entry, `${path}.${index}`));
  if (isFactory(value)) return [{ name: value.definition.name, export: path, value }];
  return isPlugin(value) ? [{ name: value.name, export: path, value }] : [];
}

function allTargets(module: LoadedModule): string[] {
  return Object.keys(module).flatMap((key) => targetsOf(module[key], key).map((target) => target.export));
}

/** A file's path as configurations store it: relative to the project, with `./` or `../`. */
export function relativeTo(project: string, file: string): string {
  const path = relative(project, file).split(sep).join('/');
  return path.startsWith('../') || isAbsolute(path) ? path : `./${path}`;
}
