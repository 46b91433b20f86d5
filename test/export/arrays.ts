import type { Tensor } from './onnx-file.js';

export const sizeOf = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

/** Every index of a shape, the last axis fastest. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  const index = shape.map(() => 0);
  for (let count = sizeOf(shape); count > 0; count--) {
    yield [...index];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** The element at an index; axes of one element are broadcast, and missing ones are the first. */
export function at({ shape, data }: Tensor, index: readonly number[]): number {
  const skipped = index.length - shape.length;
  let position = 0;
  shape.forEach((extent, axis) => {
    position = position * extent + (extent === 1 ? 0 : index[axis + skipped]!);
  });
  return data[position]!;
}

/** A tensor by a function of its index. */
export function generate(shape: readonly number[], value: (index: readonly number[]) => number): Tensor {
  const data = new Float64Array(sizeOf(shape));
  let position = 0;
  for (const index of indices(shape)) data[position++] = value(index);
  return { shape: [...shape], data };
}

export function map({ shape, data }: Tensor, change: (value: number) => number): Tensor {
  return { shape, data: data.map(change) };
}

export function broadcast(a: Tensor, b: Tensor, combine: (a: number, b: number) => number): Tensor {
  const rank = Math.max(a.shape.length, b.shape.length);
  const extent = ({ shape }: Tensor, axis: number) => shape[axis - (rank - shape.length)] ?? 1;
  const shape = Array.from({ length: rank }, (_, axis) => {
    const [one, other] = [extent(a, axis), extent(b, axis)];
    if (one !== other && one !== 1 && other !== 1)
      throw new Error(`[${a.shape}] and [${b.shape}] are not to be broadcast.`);
    return Math.max(one, other);
  });
  return generate(shape, (index) => combine(at(a, index), at(b, index)));
}
