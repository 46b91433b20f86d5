// Our plugins outside of the package: whatever they need, its public entries have.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PLUGINS = join(ROOT, 'plugins');

/** Sources in other languages: C++ for a backend, and what AssemblyScript makes a module of. */
const COMPILED = new Set(['native', 'kernels.wasm']);

/** Their conformance needs a library that is compiled, or data and weights that are downloaded: types alone. */
const NEEDY = ['backend-auto', 'backend-cuda', 'backend-torch', 'data-cifar10', 'data-imagenet', 'teacher-'];
/** What these cannot be applied without. */
const SETTINGS = {
  schedules: ['--set', 'rate=0.1'],
  'launcher-kubernetes': ['--set', 'image=registry.example/dna', '--set', 'volume=runs'],
};

/** Copies the sources of every plugin into a project that has the package; returns their folders. */
export function copyPlugins(project) {
  const folder = join(project, 'plugins');
  mkdirSync(folder);
  for (const entry of readdirSync(PLUGINS, { withFileTypes: true }))
    if (entry.isDirectory()) copyPlugin(entry.name, join(folder, entry.name));
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(projectConfig()));
  return readdirSync(folder);
}

function copyPlugin(name, target) {
  const source = join(PLUGINS, name);
  const wasm = join(ROOT, 'dist', 'plugins', name, 'kernels.wasm');
  const isAssemblyScript = existsSync(wasm);
  cpSync(source, target, {
    recursive: true,
    filter: (path) => {
      const [top] = path.slice(source.length + 1).split(/[\\/]/);
      return !COMPILED.has(top) && !(isAssemblyScript && top === 'kernels');
    },
  });
  if (isAssemblyScript) cpSync(wasm, join(target, 'kernels.wasm'));
}

/** The rules that our own sources are compiled by. */
function projectConfig() {
  const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
  const { rootDir, outDir, ...rules } = compilerOptions;
  return { compilerOptions: { ...rules, noEmit: true }, include: ['plugins'] };
}

/** Arguments of `dna` for the conformance of the plugins that can be tried, in as few processes as options allow. */
export function conformanceCalls(folders) {
  const tried = folders.filter((name) => !NEEDY.some((start) => name.startsWith(start)));
  const settingsOf = (name) => Object.keys(SETTINGS).find((start) => name.startsWith(start)) ?? '';
  return ['', ...Object.keys(SETTINGS)].map((start) => {
    const files = tried
      .filter((name) => settingsOf(name) === start)
      .map((name) => `./plugins/${name}/index.ts`);
    return ['plugin', 'test', ...files, ...(SETTINGS[start] ?? []), '--json'];
  });
}
