import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built package: the folder that holds `core`, `plugins` and `presets`. */
export const BUILT = fileURLToPath(new URL('../..', import.meta.url));

/** `loss-cosine` → `lossCosine`. */
export function camelCase(name: string): string {
  return name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Names of the plugins that come with the package, sorted. */
export function builtInPlugins(): string[] {
  const folder = join(BUILT, 'plugins');
  return list(folder).filter((name) => existsSync(join(folder, name, 'index.js')));
}

/** Names of the presets that come with the package, sorted. */
export function builtInPresets(): string[] {
  return list(join(BUILT, 'presets'))
    .filter((file) => file.endsWith('.js') && file !== 'index.js')
    .map((file) => file.slice(0, -'.js'.length));
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** The package's export that a plugin is reached by, and the factory's name there. */
export function builtInPlugin(name: string): { module: string; export: string } {
  return { module: `dna-nas/plugins/${name}`, export: camelCase(name) };
}

/** The same for a module given by its `import.meta.url` or its export path; undefined if it is not one of ours. */
export function packageExport(module: string): { module: string; export: string } | undefined {
  const found = /^dna-nas\/plugins\/([^/]+)$/.exec(module)?.[1] ?? folderOf(module);
  return found === undefined ? undefined : builtInPlugin(found);
}

function folderOf(module: string): string | undefined {
  if (!module.startsWith('file:')) return undefined;
  const file = fileURLToPath(module);
  const plugins = join(BUILT, 'plugins', '/');
  return file.startsWith(plugins) ? file.slice(plugins.length).split(/[\\/]/)[0] : undefined;
}

let version: string | undefined;

/** `dna-nas` version that runs. */
export function packageVersion(): string {
  version ??= String(JSON.parse(readFileSync(join(BUILT, '..', 'package.json'), 'utf8')).version);
  return version;
}
