import { randomStream } from 'dna-nas/core';
import { EVALUATE, ModuleTensor, tf } from 'dna-nas/nn';
import { Conv2d } from 'dna-nas/nn/layers';
import { adam, sgd } from 'dna-nas/nn/optimisers';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { beforeAll, expect, it } from 'vitest';
import { describeTorch } from './installed.js';

describeTorch('optimisers on libtorch', () => {
  beforeAll(() => startTorchBackend({ device: 'cpu' }));

  it('leaves what shares a parameter’s values as it is', () => {
    const options = { initialiser: () => new Float32Array(), layout: 'same', decay: false } as const;
    const parameter = new ModuleTensor('parameter', [1, 2], options);
    parameter.set(Float32Array.of(1, 2));
    const [clone, view] = [tf.clone(parameter.value), tf.reshape(parameter.value, [2])];
    const gradient = tf.ones([1, 2]);
    const optimiser = adam();
    const step = () => optimiser.step(new Map([['p', parameter]]), new Map([['p', gradient]]), 0.5);
    step();
    clone.dispose();
    step();
    const moved = [...parameter.value.dataSync()];
    expect([...view.dataSync()]).toEqual([1, 2]);
    expect(moved[0]).toBeCloseTo(0, 5);
    expect(moved[1]).toBeCloseTo(1, 5);
    optimiser.dispose();
    for (const tensor of [view, gradient, parameter]) tensor.dispose();
  });

  it('is seen by convolutions that had converted the filter', () => {
    // More channels than an image has, and of no MBConv: libtorch's convolution, on a converted filter.
    const convolution = new Conv2d({ inputChannels: 8, outputChannels: 8, kernel: 3 });
    convolution.initialise(randomStream('filter'));
    const x = tf.ones([1, 5, 5, 8]);
    const forward = () => tf.tidy(() => [...convolution.forward(x, EVALUATE).dataSync()]);
    const optimiser = sgd();
    const before = forward();
    for (let step = 0; step < 2; step++) {
      const gradient = tf.ones(convolution.weight.shape as number[]);
      optimiser.step(new Map([['w', convolution.weight]]), new Map([['w', gradient]]), 0.5);
      gradient.dispose();
    }
    const after = forward();
    convolution.weight.set(convolution.weight.value.dataSync().slice() as Float32Array);
    expect(after).toEqual(forward());
    // Each weight lost 1, and each of the middle's 9 · 8 inputs is 1.
    expect(after[12 * 8]!).toBeCloseTo(before[12 * 8]! - 72, 3);
    for (const thing of [convolution, optimiser, x]) thing.dispose();
  });

  it('does not change a number that other tensors have too', () => {
    const options = { initialiser: () => new Float32Array(), layout: 'same', decay: false } as const;
    const parameter = new ModuleTensor('parameter', [1], options);
    parameter.set(Float32Array.of(0.25));
    const optimiser = adam();
    const gradient = tf.ones([1]);
    optimiser.step(new Map([['p', parameter]]), new Map([['p', gradient]]), 0.5);
    const [other] = tf.tidy(() => tf.scalar(0.25).dataSync());
    expect(other).toBe(0.25);
    expect(parameter.value.dataSync()[0]).toBeCloseTo(-0.25, 5);
    optimiser.dispose();
    gradient.dispose();
    parameter.dispose();
  });
});
