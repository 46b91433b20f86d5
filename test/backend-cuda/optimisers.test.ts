import { tf } from 'dna-nas/nn';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { startCudaBackend } from 'dna-nas/plugins/backend-cuda';
import { expect, it } from 'vitest';
import { OPTIMISERS, optimised } from '../nn/optimised.js';
import { describeCuda } from './installed.js';

const OPS: readonly (readonly [string, boolean])[] = [
  ['Our op', true],
  ['TensorFlow’s fused steps, without ops of ours,', false],
];

for (const [name, ownOps] of OPS)
  describeCuda(`${name} does what the composition does`, () => {
    it.each(OPTIMISERS)('%s', async (_, create) => {
      await startCpuBackend();
      const expected = optimised(create);
      const backend = await startCudaBackend({ device: 'cpu' });
      // As with the published binary.
      Object.assign(backend.package, { ownOps });
      const before = [tf.memory().numTensors, backend.numDataIds()];
      const found = optimised(create);
      expect([tf.memory().numTensors, backend.numDataIds()]).toEqual(before);
      const errors = found.map((value, index) => Math.abs(value - expected[index]!));
      expect(Math.max(...errors)).toBeLessThan(2e-5);
    });
  });
