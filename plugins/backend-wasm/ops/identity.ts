import { tfjsKernel, type WasmOp } from '../wasm-op.js';

/**
 * tfjs's `Identity`, which copies on its wasm backend: it runs for every tensor that a gradient saves and for every
 * clone, 11 % of a distillation step. Ours shares the values, as `Reshape` does; no kernel writes into an input.
 */
export const identity: WasmOp = {
  ...tfjsKernel<'x'>('Identity', ({ inputs, memory }) => memory.share(inputs.x)),
  replaces: true,
};
