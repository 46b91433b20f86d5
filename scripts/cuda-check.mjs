// Checks the CUDA kernels without a GPU. `--tests`: their arithmetic, compiled for the host with AddressSanitizer against
// the stand-in for the GPU in native/tests. `--compile`: every .cu through nvcc; where there is none, pip is asked for
// one, and where there is no pip either the check is skipped. Without arguments both. What was made is kept in .cache.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const NATIVE = join(ROOT, 'plugins/backend-torch/native');
const CACHE = join(ROOT, '.cache/cuda-check');
const TOOLKIT = join(CACHE, 'toolkit');

const NAMES = ['cuda-nvcc', 'cuda-crt', 'nvvm', 'cuda-cccl', 'cuda-runtime'];
const PACKAGES = NAMES.map((name) => `nvidia-${name}==13.0.*`);
const SANITISED = [
  '-O1',
  '-g',
  '-fno-omit-frame-pointer',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover',
];
const HOST = ['-std=c++17', '-Wall', '-Wextra', '-Werror', ...SANITISED, '-I', NATIVE];
const DEVICE = [
  ...['-std=c++17', '-O3', '-Werror', 'all-warnings', '-Xcompiler=-fPIC,-Wall,-Wextra'],
  // `scripts/fake-cuda.mjs` compiles for Turing.
  ...['-gencode=arch=compute_90,code=sm_90', '-Xptxas=-v'],
];
/** A few registers kept in memory cost nothing; more of them a kernel's speed. */
const MOST_SPILLED_BYTES = 64;

function run(command, words, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, words, { env: { ...process.env, ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.on('error', (error) => resolve({ status: -1, output: error.message }));
    child.on('close', (status) => resolve({ status, output }));
  });
}

async function mustRun(command, words, env) {
  const { status, output } = await run(command, words, env);
  if (status !== 0) throw new Error(`${basename(command)} ${words.at(-1)} ends with ${status}\n${output}`);
  return output;
}

async function inParallel(items, work) {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
}

function filesOf(...endings) {
  const names = readdirSync(NATIVE, { recursive: true, encoding: 'utf8' }).sort();
  return names.filter((name) => endings.some((ending) => name.endsWith(ending)));
}

/** Changes with the words and with any source that the kernels or their tests may include. */
function digest(words) {
  const hash = createHash('sha256').update(words.join(' '));
  for (const name of filesOf('.cu', '.cuh', '.h', '.cpp').filter((file) => /^(cuda|tests)\//.test(file))) {
    hash.update(name).update(readFileSync(join(NATIVE, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Sources of the program that needs no libtorch. */
function testSources() {
  const own = ['tests/main.cpp', 'tests/cuda-emulation.cpp'];
  return [...own, ...filesOf('.cpp').filter((name) => name.startsWith('tests/cuda/'))];
}

async function runTests() {
  const compiler = process.env.CXX ?? 'g++';
  if ((await run(compiler, ['--version'])).status !== 0) return `skipped: ${compiler} does not run`;
  const folder = join(CACHE, `tests-${digest([compiler, ...HOST])}`);
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'run');
  if (!existsSync(program)) {
    const objects = testSources().map((source) => [source, join(folder, `${source.replaceAll('/', '-')}.o`)]);
    await inParallel(objects, ([source, object]) =>
      mustRun(compiler, [...HOST, '-c', '-o', object, join(NATIVE, source)]),
    );
    await mustRun(compiler, [...HOST, '-o', program, ...objects.map(([, object]) => object)]);
  }
  // The kernels' threads are fibers, each with a stack of its own.
  const output = await mustRun(program, [], { ASAN_OPTIONS: 'detect_leaks=0' });
  return output.trim().split('\n').at(-1);
}

function installedNvcc() {
  const { CUDA_HOME, PATH = '' } = process.env;
  const folders = [CUDA_HOME ? join(CUDA_HOME, 'bin') : '', ...PATH.split(delimiter), '/usr/local/cuda/bin'];
  folders.push(join(TOOLKIT, 'nvidia/cu13/bin'));
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, 'nvcc'))
    .find(existsSync);
}

async function findNvcc() {
  const found = installedNvcc();
  if (found) return { nvcc: found };
  const words = ['-m', 'pip', 'install', '--quiet', '--target', TOOLKIT, ...PACKAGES];
  const { status, output } = await run('python3', words);
  const nvcc = installedNvcc();
  return status === 0 && nvcc ? { nvcc } : { why: output.trim().split('\n').at(-1) };
}

/** What ptxas tells of each kernel: the registers of the largest one, and the most bytes that one spills. */
function summary(output) {
  const most = (pattern) => Math.max(0, ...[...output.matchAll(pattern)].map(([, number]) => Number(number)));
  return { registers: most(/Used (\d+) registers/g), spilled: most(/(\d+) bytes spill stores/g) };
}

async function compileKernels() {
  const { nvcc, why } = await findNvcc();
  if (!nvcc) return `skipped: no nvcc, and pip cannot give one (${why})`;
  const folder = join(CACHE, `kernels-${digest([nvcc, ...DEVICE])}`);
  mkdirSync(folder, { recursive: true });
  const sources = filesOf('.cu');
  await inParallel(sources, async (source) => {
    const object = join(folder, `${basename(source)}.o`);
    const output = await mustRun(nvcc, [...DEVICE, '-c', '-o', object, join(NATIVE, source)]);
    const { registers, spilled } = summary(output);
    console.log(`  ${basename(source)}: at most ${registers} registers, ${spilled} bytes spilled`);
    if (spilled > MOST_SPILLED_BYTES) throw new Error(`${source}: a kernel spills ${spilled} bytes`);
  });
  return `${sources.length} files compiled by ${nvcc}`;
}

const CHECKS = { '--tests': runTests, '--compile': compileKernels };
const wanted = process.argv.slice(2);
for (const [name, check] of Object.entries(CHECKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  try {
    console.log(`cuda-check ${name}: ${await check()}`);
  } catch (error) {
    console.error(`cuda-check ${name}: ${error.message}`);
    process.exitCode = 1;
  }
}
