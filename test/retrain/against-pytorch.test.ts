import { wilsonInterval } from 'dna-nas/accuracy';
import { randomStream } from 'dna-nas/core';
import { ModuleTensor, tf } from 'dna-nas/nn';
import { ClassifierHead, Sequential, Stem } from 'dna-nas/nn/layers';
import { softmaxCrossEntropy } from 'dna-nas/nn/ops';
import { rmspropTensorFlow } from 'dna-nas/nn/optimisers';
import { ClassifierTrainer, drawMixingShare, mixUp } from 'dna-nas/nn/training';
import { loadStateDict, stateDict } from 'dna-nas/nn/weights';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';
import { type GoldenState, type GoldenTensor, REFERENCE } from './reference.js';

onCpu();

/** float32 against float64, relative to the largest value. */
const TOLERANCE = 2e-6;

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = TOLERANCE): void {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs), 1e-30);
  const worst = Math.max(...Array.from(expected, (value, i) => Math.abs(value - found[i]!)));
  expect(worst / scale).toBeLessThan(tolerance);
}

const tensorOf = ({ data, shape }: GoldenTensor) => tf.tensor(data, shape, 'float32');

it("RMSProp takes five steps as timm's RMSpropTF, weight decay on the weight alone", () => {
  const { start, steps } = REFERENCE.rmsprop;
  const names = ['weight', 'bias'] as const;
  const parameters = new Map(
    names.map((name, index) => {
      const { shape, data } = start[index]!;
      const options = {
        initialiser: () => new Float32Array(),
        layout: 'same',
        decay: shape.length > 1,
      } as const;
      const tensor = new ModuleTensor('parameter', shape, options);
      tensor.set(Float32Array.from(data));
      return [name, tensor] as const;
    }),
  );
  const optimiser = rmspropTensorFlow({ weightDecay: 0.01 });
  for (const { rate, gradients, after } of steps) {
    const found = new Map(names.map((name, index) => [name, tensorOf(gradients[index]!)]));
    optimiser.step(parameters, found, rate);
    names.forEach((name, index) => {
      expectClose(parameters.get(name)!.value.dataSync(), after[index]!.data);
    });
    tf.dispose([...found.values()]);
  }
  optimiser.dispose();
  for (const parameter of parameters.values()) parameter.dispose();
});

describe('mixup', () => {
  it('blends a batch with itself reversed, and its loss has the value and gradient that timm has', () => {
    const golden = REFERENCE.mixedLoss;
    const [images, logits] = [tensorOf(golden.images) as tf.Tensor4D, tensorOf(golden.logits)];
    const labels = tf.tensor1d(golden.labels, 'int32');
    const mixed = mixUp({ images, labels }, { share: golden.share, classes: 5 });
    expectClose(mixed.images.dataSync(), golden.mixed.data);
    const loss = (x: tf.Tensor) => softmaxCrossEntropy(x, mixed.labels, { smoothing: golden.smoothing });
    const { value, grad } = tf.valueAndGrad(loss)(logits);
    expect(value.dataSync()[0]).toBeCloseTo(golden.loss, 6);
    expectClose(grad.dataSync(), golden.gradient.data);
    tf.dispose([images, logits, labels, mixed.images, mixed.labels, value, grad]);
  });

  it.each(REFERENCE.beta)('draws its share from Beta(α, α), α = $alpha', ({ alpha, points, values }) => {
    const count = 4000;
    const shares = Array.from({ length: count }, (_, i) =>
      drawMixingShare(alpha, randomStream('shares').fork(i)),
    );
    shares.sort((a, b) => a - b);
    points.forEach((point, index) => {
      const below = shares.filter((share) => share <= values[index]!).length / count;
      // Four standard deviations of a share of so many draws.
      expect(Math.abs(below - point)).toBeLessThan(4 * Math.sqrt((point * (1 - point)) / count));
    });
    expect(drawMixingShare(alpha, randomStream('shares').fork(7))).toBe(
      drawMixingShare(alpha, randomStream('shares').fork(7)),
    );
  });
});

it.each(REFERENCE.intervals)("$right of $images: Wilson's interval", ({ right, images, interval }) => {
  const found = wilsonInterval(right, images);
  interval.forEach((end, index) => {
    expect(found[index]).toBeCloseTo(end, 12);
  });
});

/** A state dict as files hold it. */
function fileState(state: GoldenState): Map<string, { shape: number[]; data: Float32Array }> {
  return new Map(
    Object.entries(state).map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
  );
}

/** Stem and head without anything between, at their names in a whole network. */
class SmallNetwork extends Sequential {
  constructor() {
    super([]);
    const batchNorm = { momentum: 0.01, epsilon: 1e-3 };
    this.inline('stem', new Stem({ inputChannels: 1, outputChannels: 3, stride: 1, batchNorm }));
    this.inline('head', new ClassifierHead({ inputChannels: 3, channels: 6, classes: 4, batchNorm }));
  }

  override forward(x: tf.Tensor, context: Parameters<Stem['forward']>[1]): tf.Tensor {
    return [...this.children().values()].reduce((map, module) => module.forward(map, context), x);
  }
}

describe('a step of two micro-batches with mixup, label smoothing, RMSProp and a moving average', () => {
  it('is that of PyTorch, where two devices each see one', () => {
    const { start, steps, end, average } = REFERENCE.training;
    const network = new SmallNetwork();
    loadStateDict(network, fileState(start));
    const trainer = new ClassifierTrainer({
      network,
      optimiser: rmspropTensorFlow({ weightDecay: 0.01 }),
      learningRate: () => 0.05,
      labelSmoothing: 0.1,
      image: { height: 6, width: 6, channels: 1 },
      movingAverage: { decay: 0.9 },
      mixup: { alpha: 0.2, classes: 4 },
      parts: 2,
      random: randomStream('golden'),
    });
    const counts = steps.map(({ share, parts, loss }, step) => {
      expect(drawMixingShare(0.2, randomStream('golden').fork(step, 'mixup'))).toBe(share);
      for (const { images, labels } of parts)
        trainer.accumulate({ images: Float32Array.from(images.data), labels: Int32Array.from(labels) });
      expect(trainer.update()).toBeCloseTo(loss, 5);
      return tf.memory().numTensors;
    });
    expect(new Set(counts).size).toBe(1);
    const compare = (expected: GoldenState) => {
      const found = stateDict(network);
      for (const [name, { data }] of Object.entries(expected)) expectClose(found.get(name)!.data, data, 1e-5);
    };
    compare(end);
    // Parameters and running statistics alike.
    trainer.finish();
    compare(average);
    trainer.dispose();
    network.dispose();
  });

  it('refuses more parts than it has, and fewer', () => {
    const network = new SmallNetwork().initialise(randomStream('network'));
    const trainer = new ClassifierTrainer({
      network,
      optimiser: rmspropTensorFlow(),
      learningRate: () => 0.1,
      labelSmoothing: 0,
      image: { height: 6, width: 6, channels: 1 },
      parts: 2,
      random: randomStream('draws'),
    });
    const part = { images: new Float32Array(2 * 36).fill(0.5), labels: Int32Array.of(0, 1) };
    trainer.accumulate(part);
    expect(() => trainer.update()).toThrow(/1 of its 2 parts/);
    trainer.accumulate(part);
    expect(() => trainer.accumulate(part)).toThrow(/has its 2 parts: call update/);
    trainer.dispose();
    network.dispose();
  });
});
