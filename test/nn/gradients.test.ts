import { ModuleTensor, tf } from 'dna-nas/nn';
import { activate } from 'dna-nas/nn/ops';
import { disposeGradients, gradients } from 'dna-nas/nn/optimisers';
import { expect, test } from 'vitest';
import { onCpu } from './tensors.js';

onCpu();

/** The identity, whose backward pass fails. */
function failsBackward(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((given: unknown) => ({
    value: tf.add(given as tf.Tensor, 0),
    gradFunc: (): tf.Tensor => {
      throw new Error('no memory backward');
    },
  }))(x);
}

function failsForward(): never {
  throw new Error('no memory forward');
}

/** Our op in want of memory, when it has saved its input. */
function failsInKernel(x: tf.Tensor): tf.Tensor {
  const kernelName = 'DnaActivate';
  const kernel = { kernelName, backendName: 'cpu', kernelFunc: failsForward };
  tf.registerKernel(kernel);
  try {
    return activate(x, 'swish');
  } finally {
    tf.unregisterKernel(kernelName, 'cpu');
  }
}

const FAILURES: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  forward: failsForward,
  'forward in a kernel': failsInKernel,
  backward: failsBackward,
};

test.each(Object.entries(FAILURES))('a pass that fails %s leaves no tensor and no data behind', (_, fail) => {
  const options = { initialiser: () => new Float32Array(3), layout: 'same', decay: false } as const;
  const weight = new ModuleTensor('parameter', [3], options);
  weight.set(Float32Array.of(0.5, -1, 2));
  const parameters = new Map([['weight', weight]]);
  const loss = (last: (x: tf.Tensor) => tf.Tensor) => () => {
    // One of our ops and one of tfjs's, which save what they need for their gradients.
    const hidden = tf.square(activate(weight.value, 'swish'));
    return tf.mean(last(hidden)) as tf.Scalar;
  };
  const count = () => [tf.memory().numTensors, tf.engine().backend.numDataIds()];
  const before = count();
  expect(() => gradients(loss(fail), parameters)).toThrow(/^no memory/);
  expect(count()).toEqual(before);
  const found = gradients(
    loss((x) => x),
    parameters,
  );
  expect(found.gradients.get('weight')!.shape).toEqual([3]);
  disposeGradients(found);
  weight.dispose();
});
