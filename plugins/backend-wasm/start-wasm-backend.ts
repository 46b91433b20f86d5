import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { tf } from 'dna-nas/nn';
import { registerWasmKernels } from './register.js';

const PACKAGE = '@tensorflow/tfjs-backend-wasm';

let started: Promise<void> | undefined;

/**
 * Makes tfjs's wasm backend the current one, in its single-threaded SIMD build, with our kernels on its memory. The same
 * instructions run on every machine, so results have the same bits everywhere. Works in the main thread and in workers;
 * a second call only selects the backend again. Throws where the machine's WebAssembly has no SIMD.
 */
export async function startWasmBackend(): Promise<void> {
  started ??= prepare();
  await started;
  if (!(await tf.setBackend('wasm'))) {
    throw new Error('tfjs could not start its wasm backend; its own message stands above.');
  }
  await tf.ready();
}

async function prepare(): Promise<void> {
  // Required, as `nn/tfjs-core.ts` is: it starts sooner.
  const require = createRequire(import.meta.url);
  const { setThreadsCount, setWasmPaths } = require(
    PACKAGE,
  ) as typeof import('@tensorflow/tfjs-backend-wasm');
  const folder = dirname(require.resolve(PACKAGE));
  setWasmPaths(folder + sep);
  setThreadsCount(1);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
    throw new Error(`The wasm backend needs WebAssembly SIMD, which Node ${process.version} lacks here.`);
  }
  registerWasmKernels();
}
