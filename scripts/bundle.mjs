// The package's JavaScript: what is loaded by its name is a file of its own in dist/, and what these share lies in
// dist/chunks/. A file takes Node half a millisecond to load, whatever is in it, and our modules are small and many.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
/** tfjs-core registers none in Node, and this module of it cannot be imported there as it is. */
const GRADIENTS = '@tensorflow/tfjs-core/dist/register_all_gradients.js';
/** Stands in what is written for the URL of dist/. */
const BUILT = '__DIST__';
/** In a module, its own URL. */
const MODULE = 'moduleUrl';

/** Writes the JavaScript of dist/, and removes from it what is built no more. */
export async function bundle() {
  const written = await bundleInto(DIST, entries());
  for (const path of files('dist', /\.js(\.map)?$/)) if (!written.has(path)) rmSync(path);
}

/** Writes into `folder` each entry with all of ours that it loads. @returns the files */
async function bundleInto(folder, entryPoints) {
  const { outputFiles } = await build({
    entryPoints,
    outbase: ROOT,
    outdir: folder,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    sourcemap: true,
    // The sources are in the package.
    sourcesContent: false,
    write: false,
    logLevel: 'warning',
    define: { 'import.meta.url': MODULE },
    plugins: [packages, tfjs, places],
  });
  for (const { path, text } of outputFiles) {
    const way = JSON.stringify(`${relative(dirname(path), folder) || '.'}/`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, withClassNames(text).replaceAll(BUILT, `new URL(${way}, import.meta.url)`));
  }
  return new Set(outputFiles.map(({ path }) => path));
}

/** A class that mentions itself is `_Itself` in what esbuild writes. Messages tell the names of classes. */
function withClassNames(text) {
  const renamed = text.matchAll(/^var (\w+) = class _\1\b/gm);
  return [...renamed].reduce(
    (all, [, name]) => all.replaceAll(new RegExp(`\\b_${name}\\b`, 'g'), name),
    text,
  );
}

/** The same modules each in a file of its own, into a folder that holds all else of dist/: for those who change one. */
export async function writeModules(folder) {
  const words = [
    '-p',
    ROOT,
    '--outDir',
    folder,
    '--noCheck',
    '--declaration',
    'false',
    '--sourceMap',
    'false',
  ];
  const { status, error } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), words, { stdio: 'inherit' });
  if (error || status !== 0) throw error ?? new Error(`tsc ended with ${status}`);
  rmSync(join(folder, 'chunks'), { recursive: true, force: true });
  await bundleInto(folder, [join(ROOT, 'nn/tensor.ts')]);
}

/** Entries of the package, commands, programs of threads, and what the repository's own tests and scripts look into. */
function entries() {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const patterns = Object.values(exports).flatMap(({ default: path }) => path ?? []);
  const exported = patterns.flatMap((path) => matching(sourceOf(join(ROOT, path))));
  const inside = [...files('test', /\.ts$/), ...files('scripts', /\.mjs$/)].flatMap((file) =>
    named(file, /['"]((?:\.\.\/)+dist\/[\w/-]+\.js)['"]/g).map(sourceOf),
  );
  const programs = sources().flatMap((file) =>
    named(file, /new URL\('(\.\/[\w-]+)\.js', import\.meta\.url\)/g),
  );
  return [
    ...new Set([...exported, ...files('cli', /\.ts$/), ...programs.map((path) => `${path}.ts`), ...inside]),
  ];
}

/** dist/core/index.js → core/index.ts, both absolute. */
function sourceOf(path) {
  return join(ROOT, relative(DIST, path)).replace(/\.js$/, '.ts');
}

function files(folder, pattern) {
  return readdirSync(join(ROOT, folder), { recursive: true })
    .filter((path) => pattern.test(path))
    .map((path) => join(ROOT, folder, path));
}

/** `*` in a path stands for one name. */
function matching(path) {
  const [folder, rest] = path.split('*');
  if (rest === undefined) return [path];
  const end = new RegExp(`^[^/]+${rest.replaceAll('.', '\\.')}$`);
  return files(relative(ROOT, folder), end);
}

/** What tsconfig.json compiles. */
function sources() {
  const { include } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
  return include.flatMap((part) => (part.endsWith('.ts') ? [join(ROOT, part)] : files(part, /\.ts$/)));
}

/** Files that a file names relative to itself. */
function named(file, pattern) {
  return [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, path]) => join(dirname(file), path));
}

/** Our own are built in, and tfjs-core's gradients with all that they import; what else is installed stays where it is. */
const packages = {
  name: 'packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      if (path.startsWith('dna-nas/')) return { path: sourceOf(fileURLToPath(import.meta.resolve(path))) };
      const isBuiltIn = path === GRADIENTS || importer.includes('/node_modules/');
      return isBuiltIn ? undefined : { path, external: true };
    });
  },
};

const tfjs = {
  name: 'tfjs',
  setup({ onLoad }) {
    onLoad({ filter: /\/nn\/tfjs-core\.ts$/ }, () => ({ contents: requiredTfjs() }));
  },
};

/** Node compiles a CommonJS module once where it is required, and parses it twice before that where it is imported. */
function requiredTfjs() {
  const names = Object.keys(createRequire(import.meta.url)('@tensorflow/tfjs-core'));
  return `import { createRequire } from 'node:module';
export const { ${names.join(', ')} } = createRequire(${BUILT})("@tensorflow/tfjs-core");
`;
}

/** A module finds what lies beside it in dist/, whatever file it has come to lie in. */
const places = {
  name: 'places',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const place = relative(ROOT, path).replace(/\.ts$/, '.js');
      return { contents: `const ${MODULE} = new URL('${place}', ${BUILT}).href; ${text}`, loader: 'ts' };
    });
  },
};
