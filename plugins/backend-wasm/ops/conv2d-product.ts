import type { tf } from 'dna-nas/nn';
import type { KernelMemory } from '../kernel-memory.js';
import { type ConvolutionSizes, outputShape, sizesAsIntegers } from './convolution-sizes.js';
import { multiply, multiplyTransposed, panelBytes } from './matrix-product.js';

/** Bytes of unfolded input at a time, so that they stay in cache between unfolding and product. */
const PIECE_BYTES = 131072;
const SIZES_BYTES = 64;

/** A convolution as a matrix product of `pixels` × `inner` by `inner` × `outer`. */
function productSizes(sizes: ConvolutionSizes) {
  return {
    pixels: sizes.batch * sizes.outHeight * sizes.outWidth,
    inner: sizes.filterHeight * sizes.filterWidth * sizes.channels,
    outer: sizes.outChannels,
  };
}

/** Whether the input is the unfolded matrix already. */
function isPointwise(sizes: ConvolutionSizes): boolean {
  const { strides, padding } = sizes.attributes;
  const one = sizes.filterHeight === 1 && sizes.filterWidth === 1;
  return one && strides[0] === 1 && strides[1] === 1 && padding.every((pixels) => pixels === 0);
}

/** Calls `use` for pieces of pixels, with room for one unfolded piece and the sizes as the kernels read them. */
function forEachPiece(
  memory: KernelMemory,
  sizes: ConvolutionSizes,
  use: (piece: { columns: number; sizes: number; first: number; count: number }) => void,
): void {
  const { pixels, inner } = productSizes(sizes);
  const piece = Math.max(128, Math.floor(PIECE_BYTES / (4 * inner) / 128) * 128);
  memory.scratch(SIZES_BYTES + 4 * piece * inner, (scratch) => {
    const integers = sizesAsIntegers(sizes);
    memory.integers(scratch, integers.length).set(integers);
    for (let first = 0; first < pixels; first += piece) {
      const count = Math.min(piece, pixels - first);
      use({ columns: scratch + SIZES_BYTES, sizes: scratch, first, count });
    }
  });
}

/** y = x ∗ filter. */
export function convolve(
  memory: KernelMemory,
  { x, filter }: { readonly x: tf.TensorInfo; readonly filter: tf.TensorInfo },
  sizes: ConvolutionSizes,
): tf.TensorInfo {
  const { pixels, inner, outer } = productSizes(sizes);
  const y = memory.output(outputShape(sizes));
  const [xAt, yAt] = [memory.offset(x), memory.offset(y)];
  const b = { offset: memory.offset(filter), rowStep: 4 * outer, columnStep: 4 };
  if (isPointwise(sizes)) {
    multiply(memory, { a: xAt, b, c: yAt }, { m: pixels, n: outer, k: inner });
    return y;
  }
  const { kernels } = memory;
  memory.scratch(panelBytes({ n: outer, k: inner }), (panels) => {
    kernels.packPanels(b.offset, b.rowStep, b.columnStep, inner, outer, panels);
    forEachPiece(memory, sizes, ({ columns, sizes: sizesAt, first, count }) => {
      kernels.im2col(xAt, sizesAt, first, count, columns);
      const out = yAt + 4 * first * outer;
      kernels.matMul(columns, 4 * inner, panels, out, 4 * outer, count, outer, inner);
    });
  });
  return y;
}

/** The input's gradient: dy · filterᵀ folded back. */
export function convolveGradInput(
  memory: KernelMemory,
  { dy, filter }: { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo },
  sizes: ConvolutionSizes,
): tf.TensorInfo {
  const { pixels, inner, outer } = productSizes(sizes);
  const dx = memory.output([sizes.batch, sizes.height, sizes.width, sizes.channels]);
  const [dyAt, dxAt] = [memory.offset(dy), memory.offset(dx)];
  const b = { offset: memory.offset(filter), rowStep: 4, columnStep: 4 * outer };
  if (isPointwise(sizes)) {
    multiply(memory, { a: dyAt, b, c: dxAt }, { m: pixels, n: inner, k: outer });
    return dx;
  }
  const { kernels } = memory;
  memory.clear(dxAt, 4 * sizes.batch * sizes.height * sizes.width * sizes.channels);
  memory.scratch(panelBytes({ n: inner, k: outer }), (panels) => {
    kernels.packPanels(b.offset, b.rowStep, b.columnStep, outer, inner, panels);
    forEachPiece(memory, sizes, ({ columns, sizes: sizesAt, first, count }) => {
      const from = dyAt + 4 * first * outer;
      kernels.matMul(from, 4 * outer, panels, columns, 4 * inner, count, inner, outer);
      kernels.col2im(columns, sizesAt, first, count, dxAt);
    });
  });
  return dx;
}

/** The filter's gradient: unfolded xᵀ · dy. */
export function convolveGradFilter(
  memory: KernelMemory,
  { x, dy }: { readonly x: tf.TensorInfo; readonly dy: tf.TensorInfo },
  sizes: ConvolutionSizes,
): tf.TensorInfo {
  const { pixels, inner, outer } = productSizes(sizes);
  const { filterHeight, filterWidth, channels } = sizes;
  const dfilter = memory.output([filterHeight, filterWidth, channels, outer]);
  const [xAt, dyAt] = [memory.offset(x), memory.offset(dy)];
  multiplyTransposed(memory, { n: outer, k: inner, out: memory.offset(dfilter) }, (add) => {
    if (isPointwise(sizes)) {
      add(xAt, dyAt, pixels);
      return;
    }
    forEachPiece(memory, sizes, ({ columns, sizes: sizesAt, first, count }) => {
      memory.kernels.im2col(xAt, sizesAt, first, count, columns);
      add(columns, dyAt + 4 * first * outer, count);
    });
  });
  return dfilter;
}
