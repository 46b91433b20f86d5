import type { Json, JsonObject } from 'dna-nas/core';
import { invalidConfig } from 'dna-nas/core/config';
import { type Problem, show } from 'dna-nas/errors';
import { parseDocument } from './parse-document.js';

/** One `path=value` of the command line. */
export interface Setting {
  /** Dotted path: `distill.loss`. */
  readonly path: string;
  readonly value: Json;
}

/**
 * Reads `path=value` as `--set` takes it, the value as YAML.
 *
 * @throws DnaError `CONFIG_INVALID` with every setting that cannot be read.
 */
export function readSettings(settings: readonly string[]): Setting[] {
  const problems: Problem[] = [];
  const read = settings.map((setting) => readSetting(setting, problems));
  if (problems.length > 0) throw invalidConfig(problems);
  return read;
}

/** What `--set path=value` says of this machine, for a command on a run whose configuration is stored. */
export function readMachineOptions(settings: readonly string[]): JsonObject {
  return Object.fromEntries(readSettings(settings).map(({ path, value }) => [path, value]));
}

/** A word of lower case means itself, but for these. */
const WORD = /^(?!(?:true|false|null)$)[a-z][a-z0-9-]*$/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** A number or a word, as most values are; to read it as YAML would give the same, and load the reader first. */
function simpleValue(text: string): string | number | undefined {
  if (NUMBER.test(text)) return Number(text);
  return WORD.test(text) ? text : undefined;
}

function readSetting(setting: string, problems: Problem[]): Setting {
  const split = setting.indexOf('=');
  const path = setting.slice(0, Math.max(split, 0)).trim();
  if (path === '' || path.split('.').includes('')) {
    problems.push({ path: '--set', found: show(setting), expected: 'path=value, as in distill.loss=cosine' });
  }
  const text = setting.slice(split + 1);
  const simple = simpleValue(text);
  if (simple !== undefined) return { path, value: simple };
  const document = parseDocument(text);
  const fault = document.errors[0]?.message.split('\n')[0]?.replace(/:$/, '');
  if (fault !== undefined) {
    problems.push({ path, source: '--set', found: show(text), expected: `a YAML value (${fault})` });
  }
  return { path, value: fault === undefined ? document.toJS() : null };
}
