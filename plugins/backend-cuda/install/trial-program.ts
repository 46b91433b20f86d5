/** A program of its own: starts the installed backend on the device that it is given, multiplies and convolves. */
import { tf } from 'dna-nas/nn';
import { startCudaBackend } from '../start-cuda-backend.js';

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
const backend = await startCudaBackend({ device });
const product = await tf.matMul(tf.tensor2d(left, [SIZE, SIZE]), tf.tensor2d(right, [SIZE, SIZE])).data();
const wrong = product.findIndex((value, index) => value !== expected(Math.floor(index / SIZE), index % SIZE));
if (wrong >= 0) {
  throw new Error(
    `a product of matrices has ${product[wrong]} where ${expected(Math.floor(wrong / SIZE), wrong % SIZE)} is right`,
  );
}
// A convolution is what needs cuDNN on a GPU.
const image = tf.ones<tf.Rank.R4>([1, 8, 8, 4]);
const [corner] = await tf.conv2d(image, tf.ones<tf.Rank.R4>([3, 3, 4, 4]), 1, 'same').data();
if (corner !== 16) throw new Error(`a convolution has ${corner} where 16 is right`);
process.stdout.write(
  `${JSON.stringify({ tensorflow: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice })}\n`,
);
