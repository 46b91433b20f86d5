import { corrupt, isPlainObject } from 'dna-nas/files';
import { SLOTS } from '../plugin/slots.js';
import type { ResolvedConfig, ResolvedPlugin } from './types.js';

/** What `config.json` of a run folder holds. */
export type StoredConfig = Omit<ResolvedConfig, 'machine' | 'sources'>;

const FILE = 'config.json';
const FIX = 'Restore it from a backup, or take the run from whoever made it once more.';
const VERSION = /^\d{1,9}\.\d{1,9}\.\d{1,9}(?:[-+][\w.+-]{1,40})?$/;
const EXPORT = /^[\w$]+(?:\.[\w$]+)*$/;
/** Steps that lead out of a module's own exports. */
const UNREACHABLE = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Checks that a run's configuration has the shape in which it is written: a folder that came from elsewhere may hold
 * anything.
 *
 * @throws DnaError `STORE_CORRUPT`.
 */
export function storedConfig(value: unknown): StoredConfig {
  if (!isPlainObject(value)) throw refused('it is no object');
  const { format, version, seed, name, values, plugins } = value;
  if (!isVersion(version)) throw refused('its version is none');
  if (format !== undefined && !isFormat(format)) throw refused('its format is no number of one');
  if (!Number.isSafeInteger(seed)) throw refused('its seed is no whole number');
  if (typeof name !== 'string') throw refused('its name is no text');
  if (!isPlainObject(values)) throw refused('its values are no object');
  if (!Array.isArray(plugins)) throw refused('its plugins are no list');
  for (const [index, plugin] of plugins.entries()) checkPlugin(plugin, `its plugin ${index}`);
  return value as unknown as StoredConfig;
}

function checkPlugin(plugin: unknown, label: string): asserts plugin is ResolvedPlugin {
  if (!isPlainObject(plugin) || !isPlainObject(plugin.reference)) throw refused(`${label} has no reference`);
  const { name, slot, sha256, reference } = plugin;
  if (typeof name !== 'string') throw refused(`${label} has no name`);
  if (slot !== undefined && slot !== 'reports' && !Object.hasOwn(SLOTS, String(slot)))
    throw refused(`${label} has an unknown slot`);
  if (sha256 !== undefined && typeof sha256 !== 'string') throw refused(`${label} has no SHA-256`);
  if (typeof reference.module !== 'string') throw refused(`${label} names no module`);
  if (!isExport(reference.export)) throw refused(`${label} names no export`);
  if (!isPlainObject(reference.options)) throw refused(`the options of ${label} are no object`);
}

/** Whether it names a version of the package: it stands in commands that errors tell. */
export function isVersion(value: unknown): value is string {
  return typeof value === 'string' && VERSION.test(value);
}

function isFormat(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function isExport(value: unknown): boolean {
  return (
    typeof value === 'string' && EXPORT.test(value) && !value.split('.').some((step) => UNREACHABLE.has(step))
  );
}

function refused(problem: string) {
  return corrupt(FILE, problem, FIX);
}
