import '@tensorflow/tfjs-backend-cpu';
import { tf } from 'dna-nas/nn';
import { hasKernel, KERNEL_PREFIX, type KernelName } from 'dna-nas/nn/kernels';
import { activate, batchNormTraining, matMul, squaredError } from 'dna-nas/nn/ops';
import { afterEach, beforeAll, expect, it } from 'vitest';

const registered: KernelName[] = [];

/** Registers a kernel of ours on the plain backend; it answers with tensors of one value. */
function register(name: KernelName, shapes: number[][], value: number, calls: object[] = []): void {
  const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) => {
    calls.push({ inputs: Object.keys(inputs), ...attrs });
    const outputs = shapes.map((shape) => tf.fill(shape, value));
    return outputs.length === 1 ? outputs[0]! : outputs;
  };
  tf.registerKernel({ kernelName: KERNEL_PREFIX + name, backendName: 'cpu', kernelFunc });
  registered.push(name);
}

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => {
  for (const name of registered.splice(0)) tf.unregisterKernel(KERNEL_PREFIX + name, 'cpu');
});

it('an op runs the backend’s kernel where there is one, and its composition otherwise', () => {
  const run = (): number => tf.tidy(() => activate(tf.tensor1d([2]), 'relu').dataSync()[0]!);
  expect(hasKernel('Activate')).toBe(false);
  expect(run()).toBe(2);
  register('Activate', [[1]], 42);
  expect(hasKernel('Activate')).toBe(true);
  expect(run()).toBe(42);
});

it('a gradient kernel serves without its forward kernel, and the other way round', () => {
  const slope = (): number =>
    tf.tidy(
      () =>
        tf
          .grad((x) => activate(x, 'relu'))(tf.tensor1d([2]))
          .dataSync()[0]!,
    );
  register('Activate', [[1]], 42);
  expect(slope()).toBe(1);
  register('ActivateGrad', [[1]], 7);
  expect(slope()).toBe(7);
  tf.unregisterKernel(`${KERNEL_PREFIX}Activate`, 'cpu');
  registered.shift();
  expect(slope()).toBe(7);
});

it('only the gradients that are wanted are computed', () => {
  const calls: object[] = [];
  register('MatMulGradA', [[2, 2]], 1, calls);
  register('MatMulGradB', [[2, 2]], 1, calls);
  tf.tidy(() => tf.grad((b) => matMul(tf.ones([2, 2]), b))(tf.ones([2, 2])));
  expect(calls).toEqual([{ inputs: ['a', 'dy'], rows: 'vectors' }]);
});

it('kernels get the inputs and attributes of the table, outputs in its order', () => {
  const calls: object[] = [];
  register('BatchNormTraining', [[4, 3], [3], [3]], 1, calls);
  register('BatchNormTrainingGrad', [[4, 3], [3], [3]], 2, calls);
  const options = { epsilon: 1e-3, activation: 'swish' } as const;
  tf.tidy(() => {
    const run = (x: tf.Tensor): tf.Tensor => batchNormTraining(x, tf.ones([3]), tf.ones([3]), options).y;
    expect(
      tf
        .grad(run)(tf.ones([4, 3]))
        .dataSync(),
    ).toEqual(new Float32Array(12).fill(2));
  });
  expect(calls).toEqual([
    { inputs: ['x', 'scale', 'offset'], ...options },
    { inputs: ['dy', 'x', 'scale', 'offset', 'mean', 'variance'], ...options },
  ]);
});

it('a loss kernel’s gradient reaches both sides', () => {
  register('SquaredErrorGrad', [[2]], 3);
  tf.tidy(() => {
    const [dy, dtarget] = tf.grads((y, target) => squaredError(y, target))([tf.ones([2]), tf.zeros([2])]);
    expect(Array.from(dy!.dataSync())).toEqual([3, 3]);
    expect(Array.from(dtarget!.dataSync())).toEqual([-3, -3]);
  });
});
