import { tf } from 'dna-nas/nn';
import { globalMean, matMul, squaredError } from 'dna-nas/nn/ops';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { beforeAll, expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { MBConvTraining } from './mb-conv-training.js';
import { toTensor } from './op-same-as-cpu.js';
import { normal } from './same-as-cpu.js';

function train(steps: number): Float32Array[] {
  const training = new MBConvTraining();
  for (let step = 0; step < steps; step++) training.step(step);
  const values = training.values();
  training.dispose();
  return values;
}

describeTorch('determinism', () => {
  beforeAll(async () => {
    await startTorchBackend({ device: 'cpu', threads: 2 });
  });

  it('gives the same bits whatever was run before', () => {
    const first = train(20);
    // Other sizes, and memory full of other numbers.
    tf.tidy(() => {
      for (const size of [3, 17, 64, 255])
        tf.matMul(tf.fill([size, size], Number.NaN), tf.ones([size, size]));
    });
    train(3);
    expect(train(20)).toEqual(first);
  });

  it.each([1, 2, 3, 5, 8])('gives the same bits wherever a tensor begins: %d elements in', (skipped) => {
    const [rows, inner, columns] = [7, 3000, 5];
    const values = normal('x', [rows * inner]).values as number[];
    const results = [0, skipped].map((begin) =>
      tf.tidy(() => {
        const all = tf.tensor1d([...Array<number>(begin).fill(0), ...values]);
        const x = tf.reshape(tf.slice(all, [begin], [rows * inner]), [rows, inner]);
        const map = tf.reshape(x, [1, rows, inner / 10, 10]);
        const weights = toTensor(normal('weights', [inner, columns]));
        return [
          tf.matMul(x as tf.Tensor2D, weights as tf.Tensor2D),
          tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D, false, true),
          matMul(x, weights),
          tf.sum(x),
          tf.sum(x, 0),
          tf.mean(x, 1),
          tf.moments(x, 0).variance,
          tf.softmax(x as tf.Tensor2D),
          globalMean(map),
          squaredError(x, tf.zerosLike(x)),
          tf.conv2d(map as tf.Tensor4D, tf.ones([3, 3, 10, 4]) as tf.Tensor4D, 1, 'same'),
        ].map((result) => [...result.dataSync()]);
      }),
    );
    expect(results[1]).toEqual(results[0]);
  });

  it('trains: the weights move', () => {
    expect(train(2)).not.toEqual(train(1));
  });
});
