import type { tf } from 'dna-nas/nn';
import type { KernelMemory } from '../kernel-memory.js';
import { type ConvolutionSizes, outputShape, sizesAsIntegers } from './convolution-sizes.js';
import { multiply, multiplyTransposed, packPanels, panelBytes } from './matrix-product.js';

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
  const at = { x: memory.offset(x), y: memory.offset(y) };
  const b = { offset: memory.offset(filter), rowStep: 4 * outer, columnStep: 4 };
  if (isPointwise(sizes)) {
    multiply(memory, { a: at.x, b, c: at.y }, { m: pixels, n: outer, k: inner });
    return y;
  }
  const { kernels } = memory;
  memory.scratch(panelBytes({ n: outer, k: inner }), (panels) => {
    packPanels(memory, b, { k: inner, n: outer, panels });
    forEachPiece(memory, sizes, (piece) => {
      kernels.im2col({ x: at.x, ...piece });
      kernels.matMul({
        a: piece.columns,
        aStep: 4 * inner,
        panels,
        c: at.y + 4 * piece.first * outer,
        cStep: 4 * outer,
        m: piece.count,
        n: outer,
        k: inner,
      });
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
  const at = { dy: memory.offset(dy), dx: memory.offset(dx) };
  const b = { offset: memory.offset(filter), rowStep: 4, columnStep: 4 * outer };
  if (isPointwise(sizes)) {
    multiply(memory, { a: at.dy, b, c: at.dx }, { m: pixels, n: inner, k: outer });
    return dx;
  }
  const { kernels } = memory;
  memory.clear(at.dx, 4 * sizes.batch * sizes.height * sizes.width * sizes.channels);
  memory.scratch(panelBytes({ n: inner, k: outer }), (panels) => {
    packPanels(memory, b, { k: outer, n: inner, panels });
    forEachPiece(memory, sizes, (piece) => {
      kernels.matMul({
        a: at.dy + 4 * piece.first * outer,
        aStep: 4 * outer,
        panels,
        c: piece.columns,
        cStep: 4 * inner,
        m: piece.count,
        n: inner,
        k: outer,
      });
      kernels.col2im({ ...piece, x: at.dx });
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
  const at = { x: memory.offset(x), dy: memory.offset(dy) };
  multiplyTransposed(memory, { n: outer, k: inner, out: memory.offset(dfilter) }, (add) => {
    if (isPointwise(sizes)) {
      add(at.x, at.dy, pixels);
      return;
    }
    forEachPiece(memory, sizes, (piece) => {
      memory.kernels.im2col({ x: at.x, ...piece });
      add(piece.columns, at.dy + 4 * piece.first * outer, piece.count);
    });
  });
  return dfilter;
}
