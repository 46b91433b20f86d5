import { graphShape, isOrderFree, sizeOf } from './layout.js';
import type { Traced } from './operand.js';
import type { Recording } from './recording.js';

const isMap = (shape: readonly number[]) => shape.length === 4;

/**
 * A tensor with other axes and the same elements in the order of NHWC. Nothing is transposed where the order does not
 * depend on the layout; rows of pixels, which 1×1 convolutions make of a map, stay that map.
 */
export function reshaped(recording: Recording, x: Traced, shape: readonly number[]): Traced {
  if (shape.join() === x.shape.join()) return x;
  if (isMap(x.shape) && isPixels(x.shape, shape)) return { ...x, shape, pixelsOf: x };
  if (x.pixelsOf && shape.join() === x.pixelsOf.shape.join()) return x.pixelsOf;
  const free = !isMap(x.shape) || isOrderFree(x.shape);
  const from = free ? recording.value(x) : recording.natural(x);
  const fromShape = free ? graphShape(x.shape) : x.shape;
  if (isMap(shape) && !isOrderFree(shape))
    return recording.fromNatural(
      reshape(recording, from, { fromShape, toShape: shape, shape, isNatural: true }),
    );
  return reshape(recording, from, { fromShape, toShape: graphShape(shape), shape });
}

/** Whether [n, h, w, c] becomes [n·h·w, c]. */
function isPixels(from: readonly number[], to: readonly number[]): boolean {
  return to.length === 2 && to[1] === from[3];
}

interface Shapes {
  /** Both as they lie in the graph. */
  readonly fromShape: readonly number[];
  readonly toShape: readonly number[];
  readonly shape: readonly number[];
  readonly isNatural?: boolean;
}

function reshape(recording: Recording, value: string, { fromShape, toShape, shape, isNatural }: Shapes) {
  if (toShape.length === 2 && toShape[0] === fromShape[0])
    return recording.add('Flatten', [value], { shape, attributes: { axis: { int: 1 } } });
  const extents = toShape.map((extent, axis) => graphExtent(recording.batch, extent, fromShape[axis]));
  return recording.add('Reshape', [value, recording.wholeNumbers('shape', extents)], {
    shape,
    isNatural,
  });
}

/** 0 takes over the batch, −1 is what holds it among others; the placeholder divides no other extent. */
function graphExtent(batch: number, extent: number, before: number | undefined): number {
  if (extent === batch && before === batch) return 0;
  return extent % batch === 0 ? -1 : extent;
}

/** The tensor with axes of one element before its own, so that it has `rank` of them. */
export function raised(recording: Recording, x: Traced, rank: number): Traced {
  const missing = rank - x.shape.length;
  if (missing <= 0 || sizeOf(x.shape) === 1) return x;
  return reshaped(recording, x, [...Array<number>(missing).fill(1), ...x.shape]);
}
