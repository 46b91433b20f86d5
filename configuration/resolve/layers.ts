import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { fileOf, invalidConfig, isFile, loadModule, type ValueSource } from 'dna-nas/core/config';
import { builtInPresets } from 'dna-nas/core/plugin';
import { DnaError, nearestFile, show, unknownName } from 'dna-nas/errors';
import { isPlainObject } from 'dna-nas/files';
import type { ConfigRequest, RunConfiguration } from '../config-request.js';
import { ambiguousConfig, circularExtends, noConfiguration, unreadableConfig } from '../errors.js';
import type { Derive } from './derive.js';
import { relativeTo } from './locate.js';
import { parseJson, parseYaml } from './parse-text.js';
import { readSettings } from './settings.js';
import { smokeLayers, withoutSmoke } from './smoke.js';

/** One source of values, as it was written. */
export interface Layer {
  readonly source: ValueSource;
  readonly config: Readonly<Record<string, unknown>>;
  /** Folder that its relative files start from. */
  readonly folder: string;
  /** How its program is reached again, for plugins that are written inline. */
  readonly module?: string;
  /** Makes further values of a preset, from the data. */
  readonly derive?: Derive;
}

/** All layers of a request, weakest first, and the built-in preset among them that is nearest to the user. */
export interface Layers {
  readonly layers: readonly Layer[];
  readonly preset: string | null;
}

export const SEARCH_PLACES = [
  'dna.config.ts',
  'dna.config.js',
  'dna.config.mjs',
  'dna.config.json',
  'dna.config.yaml',
  'dna.config.yml',
  'package.json',
];

/** Reads everything that a request names: presets, files and `--set`. */
export async function loadLayers(request: ConfigRequest): Promise<Layers> {
  const project = resolve(request.project ?? process.cwd());
  const { layers, preset } = await (request.likeRun
    ? layersOfRun(request.likeRun, request, project)
    : namedLayers(request, project));
  const smoke = request.smoke ? await smokeLayers(layers, { project, preset }) : [];
  const plain = layers.map(withoutSmoke);
  const above = [...flagLayers(request, project), ...setLayers(request.set ?? [], project)];
  return { layers: [...plain, ...smoke, ...above], preset };
}

/** What a file, or a program, and the presets below it say. */
async function namedLayers(request: ConfigRequest, project: string): Promise<Layers> {
  const own = await ownLayer(request, project);
  const base = request.preset ?? own?.config.extends;
  if (!own && base === undefined) throw noConfiguration(project, SEARCH_PLACES, builtInPresets());
  const below: Layer[] = [];
  let preset: string | null = null;
  if (base !== undefined) {
    const from = request.preset === undefined ? own!.folder : project;
    const where = request.preset === undefined ? `extends (${own!.source})` : '--preset';
    preset = await loadBase({ base, folder: from, where, project }, below, own ? [own.source] : []);
  }
  return { layers: [...below, ...(own ? [own] : [])], preset };
}

/** A run's values are complete; its preset is asked for what makes a run short, of which no folder tells. */
async function layersOfRun(
  { name, preset, values }: RunConfiguration,
  { smoke }: ConfigRequest,
  project: string,
): Promise<Layers> {
  const known = preset !== null && builtInPresets().includes(preset);
  const base =
    smoke && known ? await baseLayer({ base: preset, folder: project, where: '', project }) : undefined;
  const short = base?.config.smoke === undefined ? {} : { smoke: base.config.smoke };
  const layer: Layer = { source: `run ${name}`, config: { ...values, ...short }, folder: project };
  return { layers: [layer], preset };
}

/** What has a flag of its own: its text is no YAML. */
function flagLayers(request: ConfigRequest, project: string): Layer[] {
  const { architecture, architectures, trainings } = request;
  const given = Object.entries({ architecture, architectures, trainings });
  const config = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  return Object.keys(config).length === 0 ? [] : [{ source: 'flag', config, folder: project }];
}

interface Base {
  readonly base: unknown;
  readonly folder: string;
  /** Where it was asked for, for messages. */
  readonly where: string;
  readonly project: string;
}

/** Loads a preset or file and what that extends in turn; returns the name of the nearest built-in preset. */
async function loadBase(request: Base, layers: Layer[], seen: readonly string[]): Promise<string | null> {
  const { base, project } = request;
  const layer = await baseLayer(request);
  const id = layer.source;
  if (seen.includes(id)) throw circularExtends([...seen, id]);
  let preset = layer.source.startsWith('preset ') ? String(base) : null;
  if (layer.config.extends !== undefined) {
    const where = `extends (${layer.source})`;
    const next = { base: layer.config.extends, folder: layer.folder, where, project };
    const deeper = await loadBase(next, layers, [...seen, id]);
    preset ??= deeper;
  }
  layers.push(layer);
  return preset;
}

async function baseLayer({ base, folder, where, project }: Base): Promise<Layer> {
  const presets = builtInPresets();
  if (typeof base === 'string' && presets.includes(base)) {
    const module = `dna-nas/presets/${base}`;
    const { default: config, derive } = await loadModule(module, project);
    const layer = { config: configObject(config, base), folder: project, module };
    return {
      source: `preset ${base}`,
      ...layer,
      ...(typeof derive === 'function' && { derive: derive as Derive }),
    };
  }
  if (typeof base === 'string' && (isFile(base) || /\.(ts|js|mjs|json|ya?ml)$/.test(base))) {
    return fileLayer(fileOf(folder, base), project);
  }
  const expected = `a preset (${presets.join(', ')}) or a file (./my-preset.ts)`;
  throw invalidConfig([{ ...unknownName(where, String(base), presets, ''), found: show(base), expected }]);
}

async function ownLayer(request: ConfigRequest, project: string): Promise<Layer | undefined> {
  if (request.config !== undefined) {
    return { source: 'program', config: configObject(request.config, 'the program'), folder: project };
  }
  if (request.configFile === false) return undefined;
  if (request.configFile !== undefined) return fileLayer(resolve(project, request.configFile), project);
  const found = await search(project);
  if (!found) return undefined;
  // Data is read anew: what the search returns has passed through its own merging, which drops some keys.
  const { filepath, config } = found;
  return PROGRAM.test(filepath) ? programLayer(filepath, config, project) : fileLayer(filepath, project);
}

/** Loads a program for its default export. */
async function loadDefault(file: string): Promise<unknown> {
  const loaded = await loadModule(file, dirname(file));
  if ('default' in loaded) return loaded.default;
  throw new Error('it has no default export; expected `export default defineConfig({ … })`');
}

const PROGRAM = /\.(ts|js|mjs)$/;

const loaders = {
  '.ts': loadDefault,
  '.js': loadDefault,
  '.mjs': loadDefault,
  '.json': (_file: string, text: string) => parseJson(text),
  '.yaml': (_file: string, text: string) => parseYaml(text),
  '.yml': (_file: string, text: string) => parseYaml(text),
};

/** Looks in the project's folder only: a configuration further up would be a surprise. */
async function search(project: string): Promise<{ filepath: string; config: unknown } | undefined> {
  const files = SEARCH_PLACES.filter((place) => place !== 'package.json');
  const found = files.filter((place) => existsSync(resolve(project, place)));
  if (found.length > 1) throw ambiguousConfig(found);
  const { cosmiconfig } = await import('cosmiconfig');
  const explorer = cosmiconfig('dna', {
    searchPlaces: SEARCH_PLACES,
    searchStrategy: 'none',
    mergeSearchPlaces: false,
    ignoreEmptySearchPlaces: false,
    packageProp: 'dna',
    loaders,
  });
  try {
    const result = (await explorer.search(project)) ?? undefined;
    if (result?.isEmpty) throw unreadableConfig(relativeTo(project, result.filepath), 'it is empty');
    return result;
  } catch (error) {
    if (error instanceof DnaError && error.code === 'CONFIG_UNREADABLE') throw error;
    const file = (error as { filepath?: string }).filepath;
    throw unreadableConfig(file === undefined ? project : relativeTo(project, file), error, { project });
  }
}

async function fileLayer(file: string, project: string): Promise<Layer> {
  const load = loaders[extname(file) as keyof typeof loaders];
  if (!load)
    throw unreadableConfig(
      relativeTo(project, file),
      `its name ends in none of ${Object.keys(loaders).join(', ')}`,
    );
  const shown = relativeTo(project, file);
  if (!existsSync(file)) {
    throw unreadableConfig(shown, 'there is no such file', { close: nearestFile(file, shown) });
  }
  try {
    return toLayer(file, await readConfig(file, load), project);
  } catch (error) {
    if (error instanceof DnaError && error.code !== 'MODULE_UNREADABLE') throw error;
    throw unreadableConfig(shown, error, { project });
  }
}

async function readConfig(file: string, load: (typeof loaders)[keyof typeof loaders]): Promise<unknown> {
  const text = readFileSync(file, 'utf8');
  if (text.trim() === '') throw new Error('it is empty');
  const config = await load(file, text);
  if (basename(file) !== 'package.json') return config;
  const { dna } = config as { dna?: unknown };
  if (dna === undefined) throw new Error('it has no key "dna", where the configuration would stand');
  return dna;
}

/** A program may be a function, which may throw. */
function programLayer(file: string, config: unknown, project: string): Layer {
  try {
    return toLayer(file, config, project);
  } catch (error) {
    if (error instanceof DnaError) throw error;
    throw unreadableConfig(relativeTo(project, file), error, { project });
  }
}

function toLayer(file: string, config: unknown, project: string): Layer {
  const module = relativeTo(project, file);
  const source: ValueSource = `file ${module.replace(/^\.\//, '')}`;
  const program = PROGRAM.test(file);
  return { source, config: configObject(config, module), folder: dirname(file), ...(program && { module }) };
}

/** What a file or preset exports: a configuration, or a function that makes one. */
function configObject(exported: unknown, name: string): Record<string, unknown> {
  const config = typeof exported === 'function' ? exported() : (exported ?? {});
  if (isPlainObject(config)) return config;
  throw invalidConfig([
    { path: name, found: show(config), expected: 'a configuration: an object of options by name' },
  ]);
}

function setLayers(settings: readonly string[], project: string): Layer[] {
  return readSettings(settings).map(({ path, value }) => {
    const config = path
      .split('.')
      .reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), value);
    return { source: '--set', config: config as Record<string, unknown>, folder: project };
  });
}
