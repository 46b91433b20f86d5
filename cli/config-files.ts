import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file that `dna init` writes. */
export const CONFIG_FILE = 'dna.config.ts';

/** Files of their own that a configuration is found in, as configuration/resolve/layers.ts reads them. No framework is loaded for it. */
export const CONFIG_FILES = [
  ...['js', 'mjs', 'json', 'yaml', 'yml'].map((ending) => `dna.config.${ending}`),
  CONFIG_FILE,
];

/** The file of a folder that its configuration is read from, `package.json` among them; undefined where there is none. */
export function configFileIn(folder: string): string | undefined {
  const own = CONFIG_FILES.find((file) => existsSync(join(folder, file)));
  return own ?? (hasKey(join(folder, 'package.json')) ? 'package.json' : undefined);
}

/**
 * Whether a configuration names plugins from files or packages, as far as its text tells without being read: a bare name
 * of a package in a slot looks like one of ours.
 */
export function mayNamePlugins(file: string): boolean {
  return /plugins|reports|\.\/|@|#/.test(readFileSync(file, 'utf8'));
}

function hasKey(file: string): boolean {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).dna !== undefined;
  } catch {
    // None there, or none that can be read: what is wrong with it is told by who reads the configuration.
    return false;
  }
}
