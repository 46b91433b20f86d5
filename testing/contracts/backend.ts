import { randomStream } from 'dna-nas/core';
import type { Backend, BackendDescription } from 'dna-nas/core/contracts';
import { tf } from 'dna-nas/nn';
import { conv2d, depthwiseConv2d } from 'dna-nas/nn/ops';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { type Check, demand } from '../check.js';
import { drawTensor, requireNoLeak } from '../tensors.js';

/** Largest difference to the reference, as a share of the largest value: float32 and sums of some hundred terms. */
const TOLERANCE = 1e-3;

type Work = (x: tf.Tensor4D) => tf.Tensor;

const IMAGES = [2, 9, 8, 6];
const filter = (shape: number[]) => drawTensor(randomStream('filter'), shape);
/** Of a sum of sines: that of a plain sum is 0 behind a normalisation. */
const gradientOf =
  (work: Work): Work =>
  (x) =>
    tf.grad((input: tf.Tensor) => tf.sum(tf.sin(work(input as tf.Tensor4D))))(x);

/** What a training step is made of. */
const OPS: Readonly<Record<string, Work>> = {
  'a product of matrices': (x) => tf.matMul(tf.reshape(x, [18, 48]), filter([48, 5])),
  'a convolution': (x) => conv2d(x, filter([3, 3, 6, 4]), { strides: 2 }),
  'a depthwise convolution': (x) => depthwiseConv2d(x, filter([5, 5, 6, 1])),
  'batch norm': (x) =>
    tf.div(tf.sub(x, tf.mean(x, [0, 1, 2])), tf.sqrt(tf.add(tf.moments(x, [0, 1, 2]).variance, 1e-3))),
  'a mean': (x) => tf.mean(tf.sigmoid(x), [1, 2]),
  'a softmax': (x) => tf.softmax(tf.reshape(x, [2, 432])),
};

/** A backend: the numbers of the reference, and words about what they depend on. */
export function backendChecks(backend: Backend): Check[] {
  let description: BackendDescription | undefined;
  const started = (work: () => unknown) => async () => {
    description ??= await backend.start({ workers: 1 });
    await tf.ready();
    try {
      await work();
    } finally {
      await startCpuBackend();
    }
  };
  return [
    {
      name: 'works on this machine',
      fix: 'Do what it says, and test it again.',
      async run() {
        const check = await backend.check?.();
        demand(
          check?.works !== false,
          () => `it ${check?.works === false ? `${check.reason}: ${check.fix}` : ''}`,
        );
      },
    },
    {
      name: 'starts, and says what it is and what its bits depend on',
      fix: 'Give name, description and numerics: versions, precision, instruction set if it matters.',
      run: started(() => {
        const { name: called, description: words, numerics } = description!;
        const empty = Object.entries({ name: called, description: words, numerics }).find(
          ([, text]) => typeof text !== 'string' || text.trim() === '',
        );
        demand(empty === undefined, () => `its ${empty?.[0]} is ${JSON.stringify(empty?.[1])}`);
        const name = tf.getBackend();
        demand(name !== '', () => 'no tfjs backend is the current one after start()');
      }),
    },
    ...Object.entries(OPS).flatMap(([name, work]) => [
      opCheck(`computes ${name} as the reference does`, work, backend),
      opCheck(`computes the gradient of ${name}`, gradientOf(work), backend),
    ]),
    {
      name: 'leaves no tensor behind',
      fix: 'Free what disposeData is told, and register kernels that keep nothing.',
      run: withBackend(backend, () => requireNoLeak(() => void valuesOf(OPS['a convolution']!))),
    },
  ];
}

function withBackend(backend: Backend, work: () => unknown) {
  return async () => {
    await backend.start({ workers: 1 });
    await tf.ready();
    try {
      await work();
    } finally {
      await startCpuBackend();
    }
  };
}

function opCheck(name: string, work: Work, backend: Backend): Check {
  return {
    name,
    fix: 'Correct the kernels that it uses; test/conformance of dna-nas checks each alone.',
    async run() {
      await startCpuBackend();
      const expected = valuesOf(work);
      await withBackend(backend, () => compare(valuesOf(work), expected))();
    },
  };
}

function valuesOf(work: Work): Float32Array {
  let values = new Float32Array();
  tf.tidy(() => {
    values = Float32Array.from(work(drawTensor(randomStream('x'), IMAGES) as tf.Tensor4D).dataSync());
  });
  return values;
}

function compare(found: Float32Array, expected: Float32Array): void {
  demand(found.length === expected.length, () => `${found.length} values, expected ${expected.length}`);
  const limit = TOLERANCE * expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0) + 1e-6;
  // Written so that NaN fails.
  const wrong = found.findIndex((value, index) => !(Math.abs(value - expected[index]!) <= limit));
  demand(wrong < 0, () => `value ${wrong} is ${found[wrong]}, expected ${expected[wrong]}`);
}
