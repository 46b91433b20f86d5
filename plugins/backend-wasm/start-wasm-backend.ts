import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { tf } from 'dna-nas/nn';
import { registerWasmKernels } from './register.js';

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
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  setWasmPaths(folder + sep);
  setThreadsCount(1);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
    throw new Error(`The wasm backend needs WebAssembly SIMD, which Node ${process.version} lacks here.`);
  }
  registerWasmKernels();
}
