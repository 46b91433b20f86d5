/**
 * Row-major values with their axes reordered: axis `i` of the result is axis `axes[i]` of the source. Rank 4 at most.
 */
export function permute(
  source: Float32Array,
  shape: readonly number[],
  axes: readonly number[],
): Float32Array<ArrayBuffer> {
  const strides = rowMajorStrides(shape);
  // Leading axes of one element make every case a four-deep loop.
  const padding = 4 - axes.length;
  const [a = 1, b = 1, c = 1, d = 1] = [
    ...Array(padding).fill(1),
    ...axes.map((axis) => shape[axis]),
  ] as number[];
  const [sa = 0, sb = 0, sc = 0, sd = 0] = [
    ...Array(padding).fill(0),
    ...axes.map((axis) => strides[axis]),
  ] as number[];
  const result = new Float32Array(source.length);
  let target = 0;
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      for (let k = 0; k < c; k++) {
        const base = i * sa + j * sb + k * sc;
        for (let l = 0; l < d; l++) result[target++] = source[base + l * sd]!;
      }
    }
  }
  return result;
}

function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}
