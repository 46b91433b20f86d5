import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { partial } from 'dna-nas/files';
import { installRequires, replaceFolder, runTool } from 'dna-nas/install';
import { CUDA } from './cuda.js';
import { officialFailed, packageFailed } from './errors.js';

/** The package that is installed, and the version that all is tested with. */
export const PACKAGE = '@tensorflow/tfjs-node-gpu';
export const PACKAGE_VERSION = '4.22.0';

/** Under this symbol the backend offers its own tfjs-core before it loads the package. */
export const TFJS_SYMBOL = 'dna-nas tfjs';

/** What is replaced in the installed copy by what says the same. */
const REPLACED: readonly [RegExp, string][] = [
  // Node 23 dropped these two from `util`.
  [/\(0, util_1\.isNullOrUndefined\)\(([\w.]+)\)/g, '($1 == null)'],
  [/\(0, util_1\.isArray\)\(/g, 'Array.isArray('],
  // A function cannot call the constructor of a class, which tfjs-core's module has where its bundle has a function.
  [/_super\.call\(this\) \|\| this/g, 'Reflect.construct(_super, [], this.constructor)'],
];

/** The folder's manifest: what the package takes for TensorFlow.js are modules that hand our tfjs-core on. */
const MANIFEST = {
  name: 'dna-nas-backend-cuda',
  version: '1.0.0',
  private: true,
  dependencies: { [PACKAGE]: PACKAGE_VERSION, '@tensorflow/tfjs-core': 'file:./tfjs-core' },
  overrides: { '@tensorflow/tfjs': 'file:./tfjs' },
  // So that a copy with other replacements is made anew.
  replaced: REPLACED.map(([pattern, words]) => [pattern.source, words]),
};
const OURS = ['tfjs', 'tfjs-core'];
const TFJS = `module.exports = globalThis[Symbol.for('${TFJS_SYMBOL}')];\n`;

const folderOf = (home: string) => join(home, 'node');
const packageIn = (folder: string) => join(folder, 'node_modules', ...PACKAGE.split('/'));

/** Folder of the package, installed below `home` without its scripts and made fit for newer Node; once. */
export async function providePackage(home: string, told: (text: string) => void): Promise<string> {
  const folder = folderOf(home);
  if (isComplete(folder)) {
    told(`${PACKAGE} ${PACKAGE_VERSION} is there already`);
    return packageIn(folder);
  }
  const made = partial(folder);
  writeManifests(made);
  await install(made);
  patchPackage(packageIn(made));
  replaceFolder(folder, made);
  return packageIn(folder);
}

/** Has the package fetch its published binary, which its install script does. Returns the binding's file. */
export async function officialBinding(folder: string): Promise<string> {
  const words = ['rebuild', PACKAGE, '--foreground-scripts'];
  const home = join(folder, '..', '..', '..');
  const result = await runTool('npm', words, { folder: home });
  const binding = bindingIn(folder);
  if (result?.status === 0 && binding !== undefined) return binding;
  const lines = (result?.output ?? '').split('\n').filter((line) => /Error:|failed/.test(line));
  throw officialFailed(lines[0]?.replace(/^npm error /, '').trim() ?? 'its script ended without a binding');
}

function bindingIn(folder: string): string | undefined {
  const lib = join(folder, 'lib');
  const names = existsSync(lib) ? readdirSync(lib, { recursive: true, encoding: 'utf8' }) : [];
  const found = names.find((name) => name.endsWith('tfjs_binding.node'));
  return found === undefined ? undefined : join(lib, found);
}

function isComplete(folder: string): boolean {
  try {
    const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    const same = JSON.stringify(read(join(folder, 'package.json'))) === JSON.stringify(MANIFEST);
    return same && read(join(packageIn(folder), 'package.json')).version === PACKAGE_VERSION;
  } catch {
    return false;
  }
}

function writeManifests(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  writeModule(folder, MANIFEST);
  for (const name of OURS) {
    const manifest = { name: `@tensorflow/${name}`, version: PACKAGE_VERSION, main: 'index.js' };
    writeModule(join(folder, name), manifest);
    writeFileSync(join(folder, name, 'index.js'), TFJS);
  }
}

function writeModule(folder: string, manifest: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function install(folder: string): Promise<void> {
  const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
  const result = await runTool('npm', words, { folder });
  if (result === undefined) {
    throw installRequires(
      CUDA,
      'there is no npm',
      'Put npm on the path; it comes with Node (https://nodejs.org).',
    );
  }
  if (result.status !== 0) throw packageFailed(`${PACKAGE}@${PACKAGE_VERSION}`, result.output);
}

/** Replaces in the installed copy what newer Node has not. */
export function patchPackage(folder: string): void {
  const dist = join(folder, 'dist');
  for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js') || name.endsWith('_test.js')) continue;
    const file = join(dist, name);
    const text = readFileSync(file, 'utf8');
    const patched = REPLACED.reduce((result, [from, to]) => result.replaceAll(from, to), text);
    if (patched !== text) writeFileSync(file, patched);
  }
}
