/** A program of its own: starts the installed backend on the device that it is given, multiplies and convolves. */

import { tf } from 'dna-nas/nn';
import { requireExactProduct } from 'dna-nas/nn/kernels';
import { startCudaBackend } from '../start-cuda-backend.js';

const [device = 'cpu'] = process.argv.slice(2);
const backend = await startCudaBackend({ device });
await requireExactProduct();
// A convolution is what needs cuDNN on a GPU.
const image = tf.ones<tf.Rank.R4>([1, 8, 8, 4]);
const [corner] = await tf.conv2d(image, tf.ones<tf.Rank.R4>([3, 3, 4, 4]), 1, 'same').data();
if (corner !== 16) throw new Error(`a convolution has ${corner} where 16 is right`);
process.stdout.write(
  `${JSON.stringify({ tensorflow: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice })}\n`,
);
