// Builds the package into dist/: TypeScript, its types, the WebAssembly kernels, and what the plugins say of themselves.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);

function run(name, args) {
  const { status, error } = spawnSync(bin(name), args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
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

/** What was built of a file that has moved since would be packed. */
function removeStaleTypes() {
  for (const path of readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.d.ts') && !existsSync(join(root, `${path.slice(0, -5)}.ts`)))
      rmSync(join(root, 'dist', path));
  }
}

if (!existsSync(bin('tsc'))) {
  console.error('build: the TypeScript compiler is missing; run `npm ci` first (with dev dependencies).');
  process.exit(readdirSync(root).includes('dist') ? 0 : 1);
}
// At its first `npx dna` in a clone npm links the clone into its cache and prepares it once more.
if (process.env.npm_command === 'exec' && existsSync(join(root, 'dist', 'cli', 'main.js'))) process.exit(0);
run('tsc', ['-p', 'tsconfig.json', '--emitDeclarationOnly']);
removeStaleTypes();
await (await import('./bundle.mjs')).bundle();
buildKernels('backend-wasm');
buildKernels('data-imagenet');
await compileChecks(await stateDefinitions());
