import { randomStream } from 'dna-nas/core';
import { EVALUATE, tf } from 'dna-nas/nn';
import { EfficientNet, efficientNetSpec } from 'dna-nas/nn/networks';
import { PerImagePass } from 'dna-nas/nn/training';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';

/** What a backend stores a tensor by. */
interface Storing {
  write(values: unknown, shape: number[], dtype: string): object;
}

beforeAll(startCpuBackend);
afterEach(() => vi.restoreAllMocks());

/** The backend has no room for a tensor of more elements. */
function limitTensors(most: number): void {
  const backend = tf.backend() as unknown as Storing;
  const write = backend.write.bind(backend);
  vi.spyOn(backend, 'write').mockImplementation((values, shape, dtype) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    if (size > most) throw new Error(`out of memory: ${size} elements`);
    return write(values, shape, dtype);
  });
}

const spec = efficientNetSpec({
  ...{ name: 'tiny', stem: 8, head: 16, classes: 4, inputChannels: 3 },
  stages: [['ds_r1_k3_s1_e1_c8'], ['ir_r1_k3_s2_e2_c12']],
});
const network = () => new EfficientNet(spec).initialise(randomStream('per-image'));
const images = () => tf.randomUniform([7, 8, 8, 3], 0, 1, 'float32', 3) as tf.Tensor4D;
/** Elements of the largest map of one image: the expanded one, before its stride. */
const LARGEST = 4 * 4 * 16;

test('a pass goes on in halves where the backend has no room, to the same bits, and says so once', () => {
  const [net, batch, told] = [network(), images(), [] as string[]];
  const classify = (some: tf.Tensor4D) => [net.forward(some, EVALUATE) as tf.Tensor2D];
  const [whole] = classify(batch).map((logits) => logits.dataSync());
  const before = tf.memory().numTensors;
  limitTensors(2 * LARGEST);
  const pass = new PerImagePass({ what: 'The network', noticed: (text) => told.push(text) });
  for (let times = 0; times < 2; times++) {
    const [logits] = pass.run(batch, classify);
    expect(logits!.shape).toEqual([7, 4]);
    expect(logits!.dataSync()).toEqual(whole);
    logits!.dispose();
  }
  expect(told).toEqual([
    'The network has no memory for 7 images at a time. It goes on with 2; no result depends on that.',
  ]);
  expect(tf.memory().numTensors).toBe(before);
});

test('where one image is too much, or another error comes, that is the error', () => {
  const [net, batch] = [network(), images()];
  const before = tf.memory().numTensors;
  const noticed = vi.fn();
  const pass = new PerImagePass({ what: 'The network', noticed });
  const broken = () => {
    throw new Error('a fault of its own');
  };
  expect(() => pass.run(batch, broken)).toThrow('a fault of its own');
  limitTensors(LARGEST - 1);
  expect(() => pass.run(batch, (some) => [net.forward(some, EVALUATE)])).toThrow('out of memory');
  expect(noticed).not.toHaveBeenCalled();
  expect(tf.memory().numTensors).toBe(before);
});
