import type { Json } from 'dna-nas/core';
import { invalidConfig } from 'dna-nas/core/config';
import { type Problem, show } from 'dna-nas/errors';
import { parseDocument } from 'yaml';

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

function readSetting(setting: string, problems: Problem[]): Setting {
  const split = setting.indexOf('=');
  const path = setting.slice(0, Math.max(split, 0)).trim();
  if (path === '' || path.split('.').includes('')) {
    problems.push({ path: '--set', found: show(setting), expected: 'path=value, as in distill.loss=cosine' });
  }
  const text = setting.slice(split + 1);
  const document = parseDocument(text);
  const fault = document.errors[0]?.message.split('\n')[0]?.replace(/:$/, '');
  if (fault !== undefined) {
    problems.push({ path, source: '--set', found: show(text), expected: `a YAML value (${fault})` });
  }
  return { path, value: fault === undefined ? document.toJS() : null };
}
