/** Axis of NHWC that each axis of NCHW is. */
const OF_NCHW = [0, 3, 1, 2];
/** Axis of NCHW that each axis of NHWC becomes. */
const OF_NHWC = [0, 2, 3, 1];

/** Permutations of Transpose between the two. */
export const TO_NCHW: readonly number[] = OF_NCHW;
export const TO_NHWC: readonly number[] = OF_NHWC;

/** A shape as the graph has it: that of four axes is NCHW there. */
export function graphShape(shape: readonly number[]): number[] {
  return shape.length === 4 ? OF_NCHW.map((axis) => shape[axis]!) : [...shape];
}

/** The axis of the graph that an axis of a tensor is. */
export function graphAxis(axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis;
  return rank === 4 ? OF_NHWC[counted]! : counted;
}

/** A value for each axis (a pad, say), in the order of the graph's axes. */
export function graphOrder<Value>(values: readonly Value[]): Value[] {
  return values.length === 4 ? OF_NCHW.map((axis) => values[axis]!) : [...values];
}

/** A permutation of a tensor's axes, as one of the graph's: `perm[i]` is the axis that becomes axis i. */
export function graphPermutation(perm: readonly number[]): number[] {
  return graphOrder(perm).map((axis) => graphAxis(axis, perm.length));
}

/** Whether NHWC and NCHW have the same order in memory: one position, or one channel. */
export function isOrderFree(shape: readonly number[]): boolean {
  const [, height, width, channels] = shape as [number, number, number, number];
  return height * width === 1 || channels === 1;
}

/** Elements of a tensor. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
