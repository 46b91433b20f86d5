import { Module, type ModuleTensor, tf } from 'dna-nas/nn';
import { conv2d } from 'dna-nas/nn/ops';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';
import { exported, FunctionNetwork, tinyNetwork, trained } from './networks.js';

onCpu();

const network = (call: (x: tf.Tensor4D) => tf.Tensor) => exported(() => new FunctionNetwork(call));
const classified = (x: tf.Tensor) => tf.mean(x, [1, 2]);

/** A filter of its own, then what a test wants. */
class Filtered extends Module {
  readonly #weight: ModuleTensor = this.parameter('first.weight', [3, 3, 3, 4], {
    initialiser: (shape) => new Float32Array(shape.reduce((a, b) => a * b)).fill(0.1),
  });

  constructor(readonly next: (x: tf.Tensor) => tf.Tensor) {
    super();
  }

  override forward(x: tf.Tensor) {
    return tf.tidy(() => this.next(conv2d(x, this.#weight.value)));
  }

  override trace(): never {
    throw new Error('It is not counted.');
  }
}

describe('a network that cannot be exported', () => {
  it('because of an operation without a counterpart: it says which, and behind which layer', async () => {
    const failure = exported(() => trained(new Filtered((x) => classified(tf.cumsum(x, 1)))));
    await expect(failure).rejects.toMatchObject({
      code: 'EXPORT_OPERATION',
      message: expect.stringMatching(
        /uses the operation Cumsum at or behind first, for which .* no counterpart/,
      ),
    });
  });

  it('because of a use of an operation that is not mapped', async () => {
    const weights = network((x) => {
      const pixel = tf.slice4d(x, [0, 0, 0, 0], [1, 1, 1, 3]);
      return classified(tf.conv2d(x, tf.reshape(pixel, [1, 1, 3, 1]) as tf.Tensor4D, 1, 'same'));
    });
    await expect(weights).rejects.toMatchObject({
      code: 'EXPORT_OPERATION',
      message: expect.stringContaining(
        'Conv2D in a way that the export does not know: its input filter depends on the images',
      ),
    });
    const rounded = network((x) => classified(tf.avgPool(x, 3, 2, 0, 'ceil')));
    await expect(rounded).rejects.toMatchObject({
      message: expect.stringContaining('its output is rounded up'),
    });
  });

  it.each([
    ['dataSync', (x: tf.Tensor) => tf.mul(x, x.dataSync()[0]!)],
    ['arraySync', (x: tf.Tensor) => tf.mul(x, (x.arraySync() as number[][][][])[0]![0]![0]![0]!)],
  ])('because it reads values by %s', async (_, change) => {
    const failure = network((x) => classified(change(x)));
    await expect(failure).rejects.toMatchObject({
      code: 'EXPORT_GRAPH',
      message: expect.stringContaining('reads values of its feature maps'),
    });
  });

  it("because a constant has the batch's size", async () => {
    const failure = network((x) => tf.add(classified(x), tf.ones([x.shape[0], 3])));
    await expect(failure).rejects.toMatchObject({
      code: 'EXPORT_GRAPH',
      message: expect.stringContaining("a constant of the batch's size"),
    });
  });

  it.each([
    ['a tensor of 4 axes', (x: tf.Tensor) => x],
    ['a constant', () => tf.ones([1, 3])],
    ['a tensor whose first axis is not the batch', (x: tf.Tensor) => tf.mean(x, [0, 1])],
  ])('because it puts out %s', async (what, change) => {
    await expect(network(change)).rejects.toMatchObject({
      code: 'EXPORT_GRAPH',
      message: expect.stringContaining(`puts out ${what}; a tensor [batch, classes]`),
    });
  });

  it.each([16, 29, 17.5, Number.NaN])('in opset %d', async (opset) => {
    await expect(exported(() => trained(tinyNetwork()), { opset })).rejects.toMatchObject({
      code: 'EXPORT_OPSET',
      exitCode: 2,
      message: `The opset is ${opset}; a whole number from 17 to 28 is expected.`,
    });
  });

  it('leaves the backend as it was', async () => {
    await expect(network((x) => x)).rejects.toThrow();
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.tidy(() => tf.add(1, 2).dataSync()[0])).toBe(3);
  });
});
