import { wasmKernel } from '../wasm-op.js';
import type { FourExtents } from './convolution-sizes.js';

/** A shape [n, h, w, c] as the kernels over positions take it. */
export function imagesOf(shape: readonly number[]) {
  const [batch, height, width, channels] = shape as FourExtents;
  return { batch, pixels: height * width, channels };
}

export const globalMean = wasmKernel('GlobalMean', ({ inputs: { x }, memory }) => {
  const { batch, pixels, channels } = imagesOf(x.shape);
  const y = memory.output([batch, channels]);
  memory.kernels.globalMean({ x: memory.offset(x), y: memory.offset(y), batch, pixels, channels });
  return y;
});

export const globalMeanGrad = wasmKernel('GlobalMeanGrad', ({ inputs: { dy }, attributes, memory }) => {
  const { batch, pixels, channels } = imagesOf(attributes.inputShape);
  const dx = memory.output(attributes.inputShape);
  memory.kernels.globalMeanGrad({ dy: memory.offset(dy), dx: memory.offset(dx), batch, pixels, channels });
  return dx;
});
