import * as tf from '../tensor.js';

const SIZE = 48;

/**
 * Multiplies two matrices on the current backend, to see that it computes.
 * @throws Error that names a wrong element.
 */
export async function requireExactProduct(): Promise<void> {
  // Small whole numbers: every product and sum is exact in each precision.
  const left = Float32Array.from({ length: SIZE * SIZE }, (_, index) => ((index * 7) % 11) - 5);
  const right = Float32Array.from({ length: SIZE * SIZE }, (_, index) => ((index * 3) % 13) - 6);
  const expected = (at: number): number => {
    const [row, column] = [Math.floor(at / SIZE), at % SIZE];
    let sum = 0;
    for (let index = 0; index < SIZE; index++)
      sum += left[row * SIZE + index]! * right[index * SIZE + column]!;
    return sum;
  };
  const tensors = [left, right].map((values) => tf.tensor2d(values, [SIZE, SIZE]));
  const y = tf.matMul(tensors[0]!, tensors[1]!);
  const product = await y.data();
  tf.dispose([...tensors, y]);
  const wrong = product.findIndex((value, at) => value !== expected(at));
  if (wrong >= 0)
    throw new Error(`a product of matrices has ${product[wrong]} where ${expected(wrong)} is right`);
}
