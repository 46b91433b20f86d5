import { tf } from 'dna-nas/nn';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';

/** Runs the file's tests on the reference backend; each must leave as many tensors as it found. */
export function onCpu(): void {
  let before = 0;
  beforeAll(async () => {
    // Keeps tfjs from advertising its node backend.
    tf.env().set('PROD', true);
    await startCpuBackend();
  });
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    expect(tf.memory().numTensors, 'tensors after the test').toBe(before);
  });
}
