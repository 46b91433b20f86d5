import { tf } from 'dna-nas/nn';
import type { KernelName } from 'dna-nas/nn/kernels';
import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
import { beforeAll, expect, it } from 'vitest';
import { expectClose, randomValues, runKernel, type Values } from './run-kernel.js';

beforeAll(startWasmBackend);

const SHAPES = [[3, 3, 2, 5], [7], [1], [130]];
const WEIGHT_DECAY = [0.1, 0, 0.01, 0];
const RATE = 0.05;

/** Flat inputs by the contract's names; the second moments positive. */
function lists(slots: readonly string[]): Record<string, Values> {
  const inputs: Record<string, Values> = {};
  SHAPES.forEach((shape, index) => {
    for (const list of ['parameter', 'gradient', ...slots]) {
      const values = randomValues(`${list}${index}`, shape);
      inputs[list + index] = list === 'square' ? { shape, data: values.data.map(Math.abs) } : values;
    }
  });
  return inputs;
}

type Step = (numbers: { p: number; g: number; slots: readonly number[]; index: number }) => readonly number[];

function check(name: KernelName, slots: readonly string[], attributes: object, step: Step): void {
  const inputs = lists(slots);
  const shared = { count: SHAPES.length, learningRate: RATE, weightDecay: WEIGHT_DECAY };
  const outputs = runKernel(name, inputs, { ...shared, ...attributes });
  expect(outputs.length).toBe(SHAPES.length * (1 + slots.length));
  SHAPES.forEach((_, index) => {
    const p = inputs[`parameter${index}`]!.data;
    const results = [...p].map((value, i) => {
      const g = inputs[`gradient${index}`]!.data[i]! + WEIGHT_DECAY[index]! * value;
      return step({ p: value, g, slots: slots.map((slot) => inputs[slot + index]!.data[i]!), index });
    });
    for (let list = 0; list <= slots.length; list++) {
      const expected = Float64Array.from(results.map((result) => result[list]!));
      expectClose(outputs[index * (1 + slots.length) + list], expected);
    }
  });
}

it('Adam', () => {
  const [beta1, beta2, epsilon, steps] = [0.9, 0.999, 1e-8, [1, 2, 10, 1000]];
  check('AdamStep', ['first', 'square'], { beta1, beta2, epsilon, steps }, ({ p, g, slots, index }) => {
    const m = beta1 * slots[0]! + (1 - beta1) * g;
    const v = beta2 * slots[1]! + (1 - beta2) * g * g;
    const corrected = Math.sqrt(v / (1 - beta2 ** steps[index]!)) + epsilon;
    return [p - (RATE * m) / (1 - beta1 ** steps[index]!) / corrected, m, v];
  });
});

it.each([true, false])('SGD with Nesterov %s', (nesterov) => {
  const momentum = 0.9;
  check('SgdStep', ['buffer'], { momentum, nesterov }, ({ p, g, slots }) => {
    const buffer = momentum * slots[0]! + g;
    return [p - RATE * (nesterov ? g + momentum * buffer : buffer), buffer];
  });
});

it('RMSProp', () => {
  const [decay, momentum, epsilon] = [0.9, 0.8, 1e-3];
  check('RmspropStep', ['square', 'buffer'], { decay, momentum, epsilon }, ({ p, g, slots }) => {
    const square = decay * slots[0]! + (1 - decay) * g * g;
    const buffer = momentum * slots[1]! + (RATE * g) / Math.sqrt(square + epsilon);
    return [p - buffer, square, buffer];
  });
});

it('never writes into its inputs', () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const tensors = [1, 2, 3].map((value) => tf.fill([5], value));
    const attributes = { count: 1, learningRate: 1, weightDecay: [0], momentum: 0.9, nesterov: false };
    tf.engine().runKernel('DnaSgdStep', tensors as never, attributes as never);
    expect(tensors.map((tensor) => [...tensor.dataSync()])).toEqual(
      [1, 2, 3].map((value) => Array(5).fill(value)),
    );
  });
  expect(tf.memory().numTensors).toBe(before);
});

it('says how many tensors a step wants', () => {
  const attributes = { count: 2, learningRate: 1, weightDecay: [0, 0], momentum: 0, nesterov: false };
  const x = randomValues('x', [2]);
  expect(() => runKernel('SgdStep', { a: x, b: x, c: x }, attributes)).toThrow(/given 3 tensors.*wants 6/);
});
