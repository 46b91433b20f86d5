import { randomStream } from 'dna-nas/core';
import { adam, ModuleTensor, type Optimiser, rmspropTensorFlow, sgd, tf } from 'dna-nas/nn';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { startCudaBackend } from 'dna-nas/plugins/backend-cuda';
import { expect, it } from 'vitest';
import { normal } from '../nn/tensors.js';
import { describeCuda } from './installed.js';

const SHAPES = [[3, 3, 4, 1], [7], [1, 1, 5, 6]];
const STEPS = 4;

/** The parameters' values after some steps, of which every second leaves the last parameter out. */
function trained(create: () => Optimiser): number[] {
  const random = randomStream('optimisers');
  const parameters = SHAPES.map((shape, index) => {
    const options = { initialiser: () => new Float32Array(), layout: 'same', decay: index !== 1 } as const;
    const parameter = new ModuleTensor('parameter', shape, options);
    const values = normal(shape, random.fork(`p${index}`));
    parameter.set(values.dataSync() as Float32Array);
    values.dispose();
    return parameter;
  });
  const optimiser = create();
  for (let step = 0; step < STEPS; step++) {
    const used = step % 2 === 0 ? parameters : parameters.slice(0, -1);
    tf.tidy(() => {
      const gradients = used.map((parameter, index) =>
        normal([...parameter.shape], random.fork(`g${step} ${index}`)),
      );
      optimiser.step(
        new Map(used.map((parameter, index) => [`p${index}`, parameter])),
        new Map(gradients.map((gradient, index) => [`p${index}`, gradient])),
        0.01,
      );
    });
  }
  const result = parameters.flatMap((parameter) => [...parameter.value.dataSync()]);
  optimiser.dispose();
  for (const parameter of parameters) parameter.dispose();
  return result;
}

const OPS: readonly (readonly [string, boolean])[] = [
  ['Our op', true],
  ['TensorFlow’s fused steps, without ops of ours,', false],
];

for (const [name, ownOps] of OPS)
  describeCuda(`${name} does what the composition does`, () => {
    it.each<[string, () => Optimiser]>([
      ['adam', () => adam({ weightDecay: 0.1, epsilon: 1e-3 })],
      ['sgd', () => sgd({ momentum: 0.9, weightDecay: 0.1 })],
      ['sgd, Nesterov', () => sgd({ momentum: 0.9, nesterov: true })],
      ['rmsprop', () => rmspropTensorFlow({ weightDecay: 0.1 })],
    ])('%s', async (_, create) => {
      await startCpuBackend();
      const expected = trained(create);
      const backend = await startCudaBackend({ device: 'cpu' });
      // As with the published binary.
      Object.assign(backend.package, { ownOps });
      const before = [tf.memory().numTensors, backend.numDataIds()];
      const found = trained(create);
      expect([tf.memory().numTensors, backend.numDataIds()]).toEqual(before);
      const errors = found.map((value, index) => Math.abs(value - expected[index]!));
      expect(Math.max(...errors)).toBeLessThan(2e-5);
    });
  });
