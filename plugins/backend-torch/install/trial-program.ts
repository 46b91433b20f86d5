/** A program of its own: starts the installed backend on the device that it is given and multiplies two matrices. */
import { availableParallelism } from 'node:os';
import { tf } from 'dna-nas/nn';
import { loadNative } from '../binding.js';
import { startTorchBackend } from '../start-torch-backend.js';

const SIZE = 48;

/** Small whole numbers: every product and sum is exact in each precision. */
const left = Float32Array.from({ length: SIZE * SIZE }, (_, index) => ((index * 7) % 11) - 5);
const right = Float32Array.from({ length: SIZE * SIZE }, (_, index) => ((index * 3) % 13) - 6);

function expected(row: number, column: number): number {
  let sum = 0;
  for (let index = 0; index < SIZE; index++) sum += left[row * SIZE + index]! * right[index * SIZE + column]!;
  return sum;
}

const [device = 'cpu'] = process.argv.slice(2);
await startTorchBackend({ device, threads: availableParallelism() });
const product = await tf.matMul(tf.tensor2d(left, [SIZE, SIZE]), tf.tensor2d(right, [SIZE, SIZE])).data();
const wrong = product.findIndex((value, index) => value !== expected(Math.floor(index / SIZE), index % SIZE));
if (wrong >= 0) {
  throw new Error(
    `a product of matrices has ${product[wrong]} where ${expected(Math.floor(wrong / SIZE), wrong % SIZE)} is right`,
  );
}
process.stdout.write(`${JSON.stringify(loadNative().describe())}\n`);
