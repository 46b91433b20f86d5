import { randomStream } from 'dna-nas/core';
import type { Optimiser } from 'dna-nas/core/contracts';
import { ModuleTensor, tf } from 'dna-nas/nn';
import { adam, rmspropTensorFlow, sgd } from 'dna-nas/nn/optimisers';
import { afterEach, expect, it } from 'vitest';
import { normal, onCpu } from './tensors.js';

onCpu();

const SIZES = [3, 5];

afterEach(() => {
  for (const { kernelName, backendName } of tf.getKernelsForBackend('cpu')) {
    if (kernelName.startsWith('Dna')) tf.unregisterKernel(kernelName, backendName);
  }
});

interface Call {
  readonly shapes: readonly (readonly number[])[];
  readonly attributes: Record<string, unknown>;
}

/** A kernel that answers the inputs without the gradients, and remembers how it was called. */
function registerRecorder(kernelName: string, slots: number): Call[] {
  const calls: Call[] = [];
  const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) => {
    const list = Object.values(inputs) as tf.TensorInfo[];
    calls.push({ shapes: list.map((tensor) => tensor.shape), attributes: { ...attrs } });
    const kept = list.filter((_, index) => index % (slots + 2) !== 1);
    const backend = tf.backend() as unknown as { makeTensorInfo: (...of: unknown[]) => tf.TensorInfo };
    return kept.map(({ dataId, shape, dtype }) => {
      const doubled = (tf.backend().readSync(dataId) as Float32Array).map((value) => value * 2);
      return backend.makeTensorInfo(shape, dtype, doubled);
    });
  };
  tf.registerKernel({ kernelName, backendName: 'cpu', kernelFunc });
  return calls;
}

it.each<[string, () => Optimiser, { slots: string[]; attributes: object }]>([
  [
    'DnaAdamStep',
    () => adam({ weightDecay: 0.5 }),
    { slots: ['mean', 'variance'], attributes: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, steps: [1, 1] } },
  ],
  [
    'DnaSgdStep',
    () => sgd({ momentum: 0.9, weightDecay: 0.5 }),
    { slots: ['momentum'], attributes: { momentum: 0.9, nesterov: false } },
  ],
  [
    'DnaRmspropStep',
    () => rmspropTensorFlow({ weightDecay: 0.5 }),
    { slots: ['meanSquare', 'momentum'], attributes: { decay: 0.9, momentum: 0.9, epsilon: 1e-3 } },
  ],
])(
  '%s runs once for all parameters, laid out as nn/kernels/table.ts says',
  (kernel, create, { slots, attributes }) => {
    const calls = registerRecorder(kernel, slots.length);
    const parameters = new Map(
      SIZES.map((size, index) => {
        const options = {
          initialiser: () => new Float32Array(),
          layout: 'same',
          decay: index === 0,
        } as const;
        const parameter = new ModuleTensor('parameter', [size], options);
        parameter.set(new Float32Array(size).fill(index + 1));
        return [`p${index}`, parameter];
      }),
    );
    const gradients = new Map(SIZES.map((size, index) => [`p${index}`, normal([size], randomStream(index))]));
    const optimiser = create();
    optimiser.step(parameters, gradients, 0.25);
    const shapes = SIZES.flatMap((size) => Array.from({ length: 2 + slots.length }, () => [size]));
    expect(calls).toEqual([
      { shapes, attributes: { count: 2, learningRate: 0.25, weightDecay: [0.5, 0], ...attributes } },
    ]);
    expect([...parameters.get('p1')!.value.dataSync()]).toEqual([4, 4, 4, 4, 4]);
    const initial = slots[0] === 'meanSquare' ? 2 : 0;
    expect([...optimiser.state().get(`${slots[0]}/p0`)!.data]).toEqual([initial, initial, initial]);
    optimiser.dispose();
    for (const tensor of [...parameters.values(), ...gradients.values()]) tensor.dispose();
  },
);
