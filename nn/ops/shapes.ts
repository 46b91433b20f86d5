import { reshape, type Tensor } from '../tensor.js';

function text(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** Whether two shapes are the same. */
export function sameExtents(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** The error of an op whose tensors do not fit: names the op, what it expected and every shape it got. */
export function shapeError(op: string, expected: string, tensors: Record<string, Tensor>): Error {
  const found = Object.entries(tensors).map(([name, tensor]) => `${name} ${text(tensor.shape)}`);
  return new RangeError(`${op}: expected ${expected}, found ${found.join(', ')}.`);
}

/** Throws unless both tensors have the same shape and at least one element. */
export function requireSameShape(op: string, tensors: { y: Tensor; target: Tensor }): void {
  const { y, target } = tensors;
  if (!sameExtents(y.shape, target.shape) || y.size === 0)
    throw shapeError(op, 'y and target of the same, non-empty shape', tensors);
}

/** Throws unless `x` has channels last and each of the vectors has one element a channel. */
export function requireChannelVectors(op: string, x: Tensor, vectors: Record<string, Tensor>): void {
  const channels = x.shape.at(-1);
  const fits = Object.values(vectors).every((vector) => vector.rank === 1 && vector.size === channels);
  if (x.rank < 2 || x.size === 0 || !fits) {
    throw shapeError(op, `x [.., c] and ${Object.keys(vectors).join(', ')} [c]`, { x, ...vectors });
  }
}

/** A tensor with channels last as [rows, channels]. */
export function asRows(x: Tensor): Tensor {
  const channels = x.shape.at(-1)!;
  return reshape(x, [x.size / channels, channels]);
}
