import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Json } from 'dna-nas/core';
import { reasonOf } from 'dna-nas/errors';
import { isPlainObject } from 'dna-nas/files';
import { parseDocument } from 'yaml';
import { badGrid } from './errors.js';

/** One value of an axis: its name in the table, and what it sets. */
export interface Level {
  readonly name: string;
  /** Values by dotted path as `--set` takes them; `preset` is the preset that the point starts from. */
  readonly settings: Readonly<Record<string, Json>>;
}

/** What is varied on its own. */
export interface Axis {
  readonly name: string;
  readonly levels: readonly Level[];
}

const EXAMPLE = 'distill=blockwise,progressive-s1';

/**
 * Reads axes as the command line gives them: `path=value,value…`, each value YAML.
 *
 * @throws DnaError `ABLATION_GRID` that names the axis.
 */
export function readAxes(words: readonly string[]): Axis[] {
  return words.map((word) => {
    const split = word.indexOf('=');
    const path = word.slice(0, Math.max(split, 0)).trim();
    if (path === '' || path.split('.').includes(''))
      throw badGrid(
        `The axis ${JSON.stringify(word)} names no option.`,
        `Write path=value,value: ${EXAMPLE}.`,
      );
    const levels = readValues(path, word.slice(split + 1)).map((value) => ({
      name: typeof value === 'string' ? value : JSON.stringify(value),
      settings: { [path]: value },
    }));
    return { name: path, levels };
  });
}

function readValues(path: string, text: string): Json[] {
  const document = parseDocument(`[${text}]`);
  const values = document.errors.length > 0 ? undefined : (document.toJS() as Json[]);
  if (values && values.length > 0 && !values.includes(null)) return values;
  const found = document.errors[0]?.message.split('\n')[0]?.replace(/:$/, '') ?? 'an empty value';
  throw badGrid(
    `The axis ${path} has values that cannot be read: ${found}.`,
    `Separate them by commas, in quotes where they hold one: ${EXAMPLE}.`,
  );
}

/**
 * Reads axes from a YAML or JSON file: axis → level → settings by dotted path.
 *
 * @throws DnaError `ABLATION_GRID` that names the file, and the axis or level.
 */
export function readGridFile(file: string): Axis[] {
  const tree = parseFile(file);
  const name = basename(file);
  if (!isPlainObject(tree))
    throw badGrid(`The grid ${name} is no map of axes.`, 'Write axis → level → settings, each a map.');
  return Object.entries(tree).map(([axis, levels]) => {
    if (!isPlainObject(levels))
      throw badGrid(
        `The axis ${axis} of ${name} is no map of levels.`,
        'Give each level a name and its settings.',
      );
    return {
      name: axis,
      levels: Object.entries(levels).map(([level, settings]) => readLevel(axis, level, settings)),
    };
  });
}

function parseFile(file: string): unknown {
  try {
    const document = parseDocument(readFileSync(file, 'utf8'));
    if (document.errors[0]) throw document.errors[0];
    return document.toJS();
  } catch (error) {
    throw badGrid(
      `The grid ${basename(file)} cannot be read: ${reasonOf(error)}.`,
      'Give a YAML or JSON file to --grid-file.',
    );
  }
}

function readLevel(axis: string, name: string, settings: unknown): Level {
  if (settings === null) return { name, settings: {} };
  if (isPlainObject(settings)) return { name, settings: settings as Level['settings'] };
  throw badGrid(
    `The level ${name} of the axis ${axis} is no map of settings.`,
    'Write path: value below it, as --set takes them; {} for nothing.',
  );
}

/**
 * Checks axes together.
 *
 * @throws DnaError `ABLATION_GRID` that names the axis.
 */
export function requireGrid(axes: readonly Axis[]): void {
  if (axes.length === 0)
    throw badGrid('The grid has no axis.', `Name what is varied: --grid ${EXAMPLE}, or --grid-file FILE.`);
  for (const [index, { name, levels }] of axes.entries()) {
    if (axes.findIndex((axis) => axis.name === name) !== index)
      throw badGrid(`The axis ${name} stands in the grid twice.`, 'Put all its values into one.');
    if (levels.length === 0)
      throw badGrid(`The axis ${name} has no level.`, 'Give it at least one, or leave it out.');
    const twice = levels.find((level, at) => levels.findIndex((other) => other.name === level.name) !== at);
    if (twice) throw badGrid(`The axis ${name} has the level ${twice.name} twice.`, 'Leave one of them out.');
  }
}

/** Checks seeds. @throws DnaError `ABLATION_GRID`. */
export function requireSeeds(seeds: readonly number[]): void {
  const wrong = seeds.find((seed) => !Number.isSafeInteger(seed) || seed < 0);
  if (seeds.length === 0 || wrong !== undefined)
    throw badGrid(
      `The seeds are ${seeds.length === 0 ? 'none' : seeds.join(', ')}; whole numbers from 0 are expected.`,
      'Write --seeds 1,2,3.',
    );
  if (new Set(seeds).size < seeds.length)
    throw badGrid(
      `The seeds ${seeds.join(', ')} name one of them twice.`,
      'The same seed gives the same run: name others.',
    );
}
