import { randomStream } from 'dna-nas/core';
import type { Optimiser } from 'dna-nas/core/contracts';
import { ModuleTensor, tf } from 'dna-nas/nn';
import { adam, rmspropTensorFlow, sgd } from 'dna-nas/nn/optimisers';
import { normal } from './tensors.js';

/** Every optimiser, to be tried on a backend. */
export const OPTIMISERS: readonly [string, () => Optimiser][] = [
  ['adam', () => adam({ weightDecay: 0.1, epsilon: 1e-3 })],
  ['sgd', () => sgd({ momentum: 0.9, weightDecay: 0.1 })],
  ['sgd, Nesterov', () => sgd({ momentum: 0.9, nesterov: true })],
  ['rmsprop', () => rmspropTensorFlow({ weightDecay: 0.1 })],
];

const SHAPES = [[3, 3, 4, 1], [7], [1], [1, 1, 5, 6]];
const STEPS = 4;

/** The parameters' values after some steps, of which every second leaves the last parameter out. */
export function optimised(create: () => Optimiser): number[] {
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
