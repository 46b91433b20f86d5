import type { tf } from 'dna-nas/nn';
import type { KernelMemory } from '../kernel-memory.js';
import { sizeOf } from '../wasm-op.js';
import type { ConvolutionSizes } from './convolution-sizes.js';

/**
 * Gradients of a depthwise convolution with several outputs a channel (filter [kh,kw,c,m], m > 1), which our kernels
 * leave out: plain loops in JavaScript, for the rare custom operation that needs them.
 */
type Visit = (x: number, filter: number, y: number) => void;

/** Calls `visit` with the flat indices of every triple of input, filter and output that meet. */
function visitTriples(sizes: ConvolutionSizes, visit: Visit): void {
  const { height, width, channels, outWidth, outHeight, outChannels, filterWidth, attributes } = sizes;
  const { strides, padding, dilations } = attributes;
  const taps = sizes.filterHeight * filterWidth;
  for (let pixel = 0; pixel < sizes.batch * outHeight * outWidth; pixel++) {
    const image = Math.floor(pixel / (outHeight * outWidth));
    const top = (Math.floor(pixel / outWidth) % outHeight) * strides[0] - padding[0];
    const left = (pixel % outWidth) * strides[1] - padding[2];
    for (let tap = 0; tap < taps; tap++) {
      const row = top + Math.floor(tap / filterWidth) * dilations[0];
      const column = left + (tap % filterWidth) * dilations[1];
      if (row < 0 || column < 0 || row >= height || column >= width) continue;
      const from = ((image * height + row) * width + column) * channels;
      visitChannels(sizes, { from, tap: tap * outChannels, to: pixel * outChannels }, visit);
    }
  }
}

function visitChannels(
  { channels, outChannels }: ConvolutionSizes,
  { from, tap, to }: { readonly from: number; readonly tap: number; readonly to: number },
  visit: Visit,
): void {
  const multiplier = outChannels / channels;
  for (let out = 0; out < outChannels; out++) visit(from + Math.floor(out / multiplier), tap + out, to + out);
}

function values(memory: KernelMemory, tensor: tf.TensorInfo): Float32Array {
  return memory.floats(memory.offset(tensor), sizeOf(tensor.shape));
}

export function multiplierGradInput(
  memory: KernelMemory,
  { dy, filter }: { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo },
  sizes: ConvolutionSizes,
): tf.TensorInfo {
  const dx = memory.output([sizes.batch, sizes.height, sizes.width, sizes.channels]);
  const [out, gradient, weights] = [values(memory, dx).fill(0), values(memory, dy), values(memory, filter)];
  visitTriples(sizes, (xAt, filterAt, yAt) => {
    out[xAt]! += gradient[yAt]! * weights[filterAt]!;
  });
  return dx;
}

export function multiplierGradFilter(
  memory: KernelMemory,
  { x, dy }: { readonly x: tf.TensorInfo; readonly dy: tf.TensorInfo },
  sizes: ConvolutionSizes,
): tf.TensorInfo {
  const { filterHeight, filterWidth, channels, outChannels } = sizes;
  const dfilter = memory.output([filterHeight, filterWidth, channels, outChannels / channels]);
  const [out, gradient, inputs] = [values(memory, dfilter).fill(0), values(memory, dy), values(memory, x)];
  visitTriples(sizes, (xAt, filterAt, yAt) => {
    out[filterAt]! += gradient[yAt]! * inputs[xAt]!;
  });
  return dfilter;
}
