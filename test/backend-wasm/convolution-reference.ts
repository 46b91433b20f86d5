import type { Conv2dAttributes } from 'dna-nas/nn/kernels';
import type { Values } from './run-kernel.js';

export interface ConvolutionCase {
  readonly input: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
  /** Output channels; undefined: depthwise. */
  readonly out?: number;
  readonly attributes: Conv2dAttributes;
}

export function filterShape({ input, kernel, out }: ConvolutionCase): number[] {
  return [...kernel, input[3], out ?? 1];
}

export function outShape({ input, kernel, out, attributes }: ConvolutionCase): number[] {
  const extent = (axis: 0 | 1) => {
    const [before, after] = [attributes.padding[2 * axis]!, attributes.padding[2 * axis + 1]!];
    const window = (kernel[axis] - 1) * attributes.dilations[axis] + 1;
    return Math.floor((input[axis + 1]! + before + after - window) / attributes.strides[axis]) + 1;
  };
  return [input[0], extent(0), extent(1), out ?? input[3]];
}

/** Calls `visit` with the flat indices of every triple (x, filter, y) that a convolution multiplies. */
function visitTriples(c: ConvolutionCase, visit: (x: number, f: number, y: number) => void): void {
  const [batch, height, width, channels] = c.input;
  const [, outHeight, outWidth, outChannels] = outShape(c) as [number, number, number, number];
  const { strides, padding, dilations } = c.attributes;
  for (let pixel = 0; pixel < batch * outHeight * outWidth; pixel++) {
    const n = Math.floor(pixel / (outHeight * outWidth));
    const row = Math.floor(pixel / outWidth) % outHeight;
    const column = pixel % outWidth;
    for (let i = 0; i < c.kernel[0]; i++) {
      for (let j = 0; j < c.kernel[1]; j++) {
        const h = row * strides[0] + i * dilations[0] - padding[0];
        const w = column * strides[1] + j * dilations[1] - padding[2];
        if (h < 0 || w < 0 || h >= height || w >= width) continue;
        const x = ((n * height + h) * width + w) * channels;
        const f = (i * c.kernel[1] + j) * channels;
        for (let ch = 0; ch < channels; ch++) {
          if (c.out === undefined) visit(x + ch, f + ch, pixel * outChannels + ch);
          else for (let o = 0; o < c.out; o++) visit(x + ch, (f + ch) * c.out + o, pixel * c.out + o);
        }
      }
    }
  }
}

/** Forward pass and both gradients by definition, in float64. */
export function convolutionReference(c: ConvolutionCase, values: { x: Values; filter: Values; dy: Values }) {
  const [x, filter, dy] = [values.x.data, values.filter.data, values.dy.data];
  const y = new Float64Array(dy.length);
  const dx = new Float64Array(x.length);
  const dfilter = new Float64Array(filter.length);
  visitTriples(c, (xAt, fAt, yAt) => {
    y[yAt]! += x[xAt]! * filter[fAt]!;
    dx[xAt]! += dy[yAt]! * filter[fAt]!;
    dfilter[fAt]! += dy[yAt]! * x[xAt]!;
  });
  return { y, dx, dfilter };
}
