import { tf } from 'dna-nas/nn';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { beforeAll, expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { MBConvTraining } from './mb-conv-training.js';

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

  it('trains: the weights move', () => {
    expect(train(2)).not.toEqual(train(1));
  });
});
