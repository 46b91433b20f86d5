import { readFileSync } from 'node:fs';

type Offset = number;

/** What `kernels/index.ts` exports: offsets and row steps are bytes, other integers count floats, rows, images. */
export interface KernelExports {
  activate(x: Offset, y: Offset, size: number, kind: number): void;
  activateGrad(dy: Offset, x: Offset, dx: Offset, size: number, kind: number): void;
  adamStep(...offsetsThenNumbers: number[]): void;
  batchNormStatistics(
    x: Offset,
    rows: number,
    channels: number,
    mean: Offset,
    variance: Offset,
    scratch: Offset,
  ): void;
  batchNormApply(...offsetsThenNumbers: number[]): void;
  batchNormGrad(...offsetsThenNumbers: number[]): void;
  channelGate(x: Offset, gate: Offset, y: Offset, batch: number, pixels: number, channels: number): void;
  channelGateGrad(...offsetsThenNumbers: number[]): void;
  col2im(columns: Offset, sizes: Offset, first: number, count: number, x: Offset): void;
  depthwiseCorrelate(...offsetsThenNumbers: number[]): void;
  depthwiseGradFilter(...offsetsThenNumbers: number[]): void;
  globalMean(x: Offset, y: Offset, batch: number, pixels: number, channels: number): void;
  globalMeanGrad(dy: Offset, dx: Offset, batch: number, pixels: number, channels: number): void;
  im2col(x: Offset, sizes: Offset, first: number, count: number, columns: Offset): void;
  matMul(...offsetsThenNumbers: number[]): void;
  matMulGradB(...offsetsThenNumbers: number[]): void;
  packDepthwiseFilter(filter: Offset, taps: number, channels: number, packed: Offset): void;
  packPanels(matrix: Offset, rowStep: number, columnStep: number, k: number, n: number, panels: Offset): void;
  rmspropStep(...offsetsThenNumbers: number[]): void;
  scaleShift(...offsetsThenNumbers: number[]): void;
  sgdStep(...offsetsThenNumbers: number[]): void;
  squaredError(y: Offset, target: Offset, loss: Offset, size: number): void;
  squaredErrorGrad(dloss: Offset, y: Offset, target: Offset, dy: Offset, size: number): void;
  unpackDepthwiseFilter(packed: Offset, taps: number, channels: number, filter: Offset): void;
  unpackTiles(tiles: Offset, out: Offset, k: number, n: number): void;
}

/** The compiled kernels, made by `scripts/build.mjs` beside this file. */
export const KERNELS_URL = new URL('kernels.wasm', import.meta.url);

let compiled: WebAssembly.Module | undefined;

/** Puts the kernels on a memory; synchronous, because tfjs's kernel set-up is. */
export function instantiateKernels(memory: WebAssembly.Memory): KernelExports {
  compiled ??= new WebAssembly.Module(readFileSync(KERNELS_URL));
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as KernelExports;
}
