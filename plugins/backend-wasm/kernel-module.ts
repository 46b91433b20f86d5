import { readFileSync } from 'node:fs';
import { EXPORTS, type KernelExports } from './kernel-exports.js';

/** The compiled kernels, made by `scripts/build.mjs` beside this file. */
export const KERNELS_URL = new URL('kernels.wasm', import.meta.url);

let compiled: WebAssembly.Module | undefined;

/** Puts the kernels on a memory; synchronous, because tfjs's kernel set-up is. */
export function instantiateKernels(memory: WebAssembly.Memory): KernelExports {
  compiled ??= new WebAssembly.Module(readFileSync(KERNELS_URL));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const byName = Object.entries(EXPORTS).map(([name, parameters]) => [
    name,
    calledByName(exports[name] as Compiled, parameters),
  ]);
  return Object.fromEntries(byName);
}

type Compiled = (...values: readonly number[]) => void;

/** Small ops take as long as what stands here: the values are put into the same list at each call. */
function calledByName(run: Compiled, parameters: readonly string[]) {
  const values = parameters.map(() => 0);
  return (given: Readonly<Record<string, number>>): void => {
    for (let at = 0; at < values.length; at++) values[at] = given[parameters[at]!]!;
    run(...values);
  };
}
