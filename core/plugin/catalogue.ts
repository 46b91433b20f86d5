import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built package: the folder that holds `core`, `plugins` and `presets`. */
export const BUILT = fileURLToPath(new URL('../..', import.meta.url));

/** `loss-cosine` → `lossCosine`. */
export function camelCase(name: string): string {
  return name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Names of the presets that come with the package, sorted. */
export function builtInPresets(): string[] {
  const folder = join(BUILT, 'presets');
  return (existsSync(folder) ? readdirSync(folder).sort() : [])
    .filter((file) => file.endsWith('.js') && file !== 'index.js')
    .map((file) => file.slice(0, -'.js'.length));
}

const PLUGINS = 'dna-nas/plugins/';

/**
 * What a plugin of the package is referred to by, and the factory's name in the entry that has it. Run folders hold
 * this: it does not tell the plugin's folder, so that the plugin can move.
 */
export function builtInPlugin(name: string): { module: string; export: string } {
  return { module: PLUGINS + name, export: camelCase(name) };
}

/** The plugin of the package that a module refers to: `dna-nas/plugins/loss-cosine`. */
export function builtInName(module: string): string | undefined {
  return module.startsWith(PLUGINS) ? module.slice(PLUGINS.length) : undefined;
}

/** Whether a module, given by its `import.meta.url` or its export path, is one of our plugins. */
export function isOurPlugin(module: string): boolean {
  if (!module.startsWith('file:')) return module.startsWith(PLUGINS);
  return fileURLToPath(module).startsWith(join(BUILT, 'plugins', '/'));
}

let version: string | undefined;

/** `dna-nas` version that runs. */
export function packageVersion(): string {
  version ??= String(JSON.parse(readFileSync(join(BUILT, '..', 'package.json'), 'utf8')).version);
  return version;
}
