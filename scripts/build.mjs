// Builds the package into dist/: TypeScript, the WebAssembly kernels and the bundled tfjs gradients.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);

function run(name, args) {
  const { status, error } = spawnSync(bin(name), args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** `@tensorflow/tfjs-core` registers no gradients in Node and its module that does cannot be imported there. */
function bundleGradients() {
  mkdirSync(join(root, 'dist', 'nn'), { recursive: true });
  run('esbuild', [
    'node_modules/@tensorflow/tfjs-core/dist/register_all_gradients.js',
    '--bundle',
    '--format=esm',
    '--platform=node',
    '--log-level=warning',
    '--outfile=dist/nn/tfjs-gradients.js',
  ]);
}

/** Node compiles a CommonJS module once where it is required, and parses it twice before that where it is imported. */
function requireTfjs() {
  const names = Object.keys(createRequire(import.meta.url)('@tensorflow/tfjs-core'));
  const text = `import { createRequire } from 'node:module';
export const {
  ${names.join(',\n  ')},
} = createRequire(import.meta.url)('@tensorflow/tfjs-core');
`;
  writeFileSync(join(root, 'dist', 'nn', 'tfjs-core.js'), text);
}

/** Each `plugins/<plugin>/kernels/index.ts` is one AssemblyScript module on a memory that its plugin gives it. */
function buildKernels(plugin) {
  if (!existsSync(join(root, 'plugins', plugin, 'kernels', 'index.ts'))) return;
  mkdirSync(join(root, 'dist', 'plugins', plugin), { recursive: true });
  run('asc', [
    `plugins/${plugin}/kernels/index.ts`,
    `--outFile=dist/plugins/${plugin}/kernels.wasm`,
    '--importMemory',
    '--noExportMemory',
    '--zeroFilledMemory',
    '--initialMemory=0',
    '--runtime=stub',
    '--enable=simd',
    '-O3',
    '--noAssert',
  ]);
}

/** Written down once all is built that the plugins load. */
async function stateDefinitions() {
  const { definitions } = await import('./definitions.mjs');
  const { file, text } = await definitions();
  writeFileSync(file, text);
  return JSON.parse(text);
}

/** What checks options, for those who do not want to make it of their schemas each time. */
async function compileChecks(definitions) {
  const { CORE_OPTIONS } = await import('../dist/configuration/resolve/core-options.js');
  const { checks } = await import('./definitions.mjs');
  const schemas = Object.values(definitions).flatMap(({ options }) => options ?? { properties: {} });
  const { file, text } = checks([CORE_OPTIONS, ...schemas]);
  writeFileSync(file, text);
}

/** What was built of a file that has moved since would be packed, and found in the place of a folder of its name. */
function removeStale() {
  for (const path of readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })) {
    const name = path.endsWith('.d.ts') ? path.slice(0, -5) : undefined;
    if (name === undefined || existsSync(join(root, `${name}.ts`))) continue;
    for (const end of ['.d.ts', '.js', '.js.map']) rmSync(join(root, 'dist', name + end), { force: true });
  }
}

if (!existsSync(bin('tsc'))) {
  console.error('build: the TypeScript compiler is missing; run `npm ci` first (with dev dependencies).');
  process.exit(readdirSync(root).includes('dist') ? 0 : 1);
}
// At its first `npx dna` in a clone npm links the clone into its cache and prepares it once more.
if (process.env.npm_command === 'exec' && existsSync(join(root, 'dist', 'cli', 'main.js'))) process.exit(0);
run('tsc', ['-p', 'tsconfig.json']);
removeStale();
requireTfjs();
bundleGradients();
buildKernels('backend-wasm');
buildKernels('data-imagenet');
await compileChecks(await stateDefinitions());
