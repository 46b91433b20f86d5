import { wilsonInterval } from 'dna-nas/accuracy';
import { randomStream } from 'dna-nas/core';
import { EVALUATE, tf } from 'dna-nas/nn';
import { Conv2d, Linear, type MBConv, Sequential } from 'dna-nas/nn/layers';
import { EfficientNet, evaluateTop1, parseStages } from 'dna-nas/nn/networks';
import { softmaxCrossEntropy } from 'dna-nas/nn/ops';
import { adam, disposeGradients, GradientMean, gradients, MovingAverage } from 'dna-nas/nn/optimisers';
import { describe, expect, it } from 'vitest';
import { difference, normal, onCpu, scatter, take } from './tensors.js';

onCpu();

function createNetwork(): EfficientNet {
  const stages = parseStages([['ds_r1_k3_s1_c8_se0.25'], ['ir_r2_k3_s2_e2_c8_se0.25']]);
  const network = new EfficientNet({ stem: 8, head: 16, classes: 3, stages, dropout: 0.2, dropConnect: 0.2 });
  return network.initialise(randomStream('network'));
}

describe('a training step', () => {
  it('leaks no tensor, is a function of its stream, and learns', () => {
    const [x, labels] = [normal([6, 16, 16, 3], randomStream('x')), tf.tensor1d([0, 1, 2, 0, 1, 2], 'int32')];
    const run = () => {
      const network = createNetwork();
      const average = new MovingAverage(network, { decay: 0.9 });
      const optimiser = adam();
      const losses: number[] = [];
      const counts: number[] = [];
      for (let step = 0; step < 12; step++) {
        const context = { mode: 'train', random: randomStream('step').fork(step) } as const;
        const loss = () => softmaxCrossEntropy(network.forward(x, context), labels);
        const result = gradients(loss, network.parameters());
        optimiser.step(network.parameters(), result.gradients, 0.02);
        average.update();
        losses.push(result.value.dataSync()[0]!);
        disposeGradients(result);
        counts.push(tf.memory().numTensors);
      }
      for (const thing of [network, average, optimiser]) thing.dispose();
      return { losses, counts };
    };
    const { losses, counts } = run();
    expect(new Set(counts).size).toBe(1);
    expect(run().losses).toEqual(losses);
    expect(losses.at(-1)!).toBeLessThan(0.5 * losses[0]!);
    tf.dispose([x, labels]);
  });

  it('in evaluate, too, keeps nothing but the result', () => {
    const network = createNetwork();
    const x = normal([2, 16, 16, 3], randomStream('x'));
    const before = tf.memory().numTensors;
    const logits = network.forward(x, EVALUATE);
    expect(logits.shape).toEqual([2, 3]);
    const maps = network.features(x, EVALUATE, [0, 1]);
    expect(maps.map((map) => map.shape)).toEqual([
      [2, 8, 8, 8],
      [2, 4, 4, 8],
    ]);
    expect(tf.memory().numTensors).toBe(before + 3);
    tf.dispose([x, logits, ...maps]);
    network.dispose();
  });
});

describe('features', () => {
  it('are the maps that forward passes through', () => {
    const network = createNetwork();
    scatter(network, 'network');
    const x = normal([2, 16, 16, 3], randomStream('x'));
    const head = [...network.children().values()].at(-1)!;
    const [map] = network.features(x, EVALUATE, [1]);
    const logits = take(head.forward(map!, EVALUATE));
    expect(logits).toEqual(take(network.forward(x, EVALUATE)));
    tf.dispose([x, map!]);
    network.dispose();
  });

  it.each([[[1, 0]], [[2]], [[-1]], [[0, 0]]])('refuses stages %j', (stages) => {
    const network = createNetwork();
    const x = normal([1, 16, 16, 3], randomStream('x'));
    expect(() => network.features(x, EVALUATE, stages)).toThrow(/rising stage numbers from 0 to 1/);
    x.dispose();
    network.dispose();
  });
});

describe('gradients', () => {
  it('are of the given parameters alone', () => {
    const chain = new Sequential([
      new Linear({ inputs: 3, outputs: 4 }),
      new Linear({ inputs: 4, outputs: 2 }),
    ]);
    chain.initialise(randomStream('chain'));
    const x = normal([5, 3], randomStream('x'));
    const some = new Map([...chain.parameters()].filter(([name]) => name.startsWith('1.')));
    const result = gradients(() => tf.tidy(() => tf.sum(chain.forward(x, EVALUATE)) as tf.Scalar), some);
    expect([...result.gradients.keys()]).toEqual(['1.weight', '1.bias']);
    expect([...result.gradients.get('1.bias')!.dataSync()]).toEqual([5, 5]);
    disposeGradients(result);
    x.dispose();
    chain.dispose();
  });

  it('name a parameter that has no part in the loss, and leave nothing behind', () => {
    const layers = new Sequential([
      new Linear({ inputs: 3, outputs: 2 }),
      new Linear({ inputs: 3, outputs: 2 }),
    ]);
    layers.initialise(randomStream('layers'));
    const x = normal([5, 3], randomStream('x'));
    const loss = () => tf.tidy(() => tf.sum(layers.modules[0]!.forward(x, EVALUATE)) as tf.Scalar);
    const before = tf.memory().numTensors;
    expect(() => gradients(loss, layers.parameters())).toThrow(
      /depend on 2 of 4 parameters, first "1.weight"/,
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(() => gradients(loss, new Map())).toThrow(/at least one parameter/);
    x.dispose();
    layers.dispose();
  });

  it('of several passes have a mean, absent ones counting as zero', () => {
    const mean = new GradientMean();
    mean.add(new Map([['a', tf.tensor1d([1, 2])]]));
    mean.add(new Map([['a', tf.tensor1d([3, 4])], ['b', tf.tensor1d([8])]])); // biome-ignore format: one pass a line
    const result = mean.take();
    expect([...result.get('a')!.dataSync()]).toEqual([2, 3]);
    expect([...result.get('b')!.dataSync()]).toEqual([4]);
    expect(() => mean.take()).toThrow(/add a pass first/);
    for (const tensor of result.values()) tensor.dispose();
  });
});

describe('MovingAverage', () => {
  function setUp(options: { decay: number; warmUp?: boolean }) {
    const conv = new Conv2d({ inputChannels: 1, outputChannels: 1, kernel: 1 }).initialise(
      randomStream('conv'),
    );
    conv.weight.set(Float32Array.of(1));
    const average = new MovingAverage(conv, options);
    const moveTo = (value: number) => {
      conv.weight.set(Float32Array.of(value));
      average.update();
    };
    const free = () => {
      average.dispose();
      conv.dispose();
    };
    return { conv, average, moveTo, free, read: () => average.state().get('weight')!.data[0]! };
  }

  it('follows its formula, with warm-up too', () => {
    const plain = setUp({ decay: 0.9 });
    plain.moveTo(2);
    plain.moveTo(3);
    expect(plain.read()).toBeCloseTo(0.9 * 1.1 + 0.1 * 3, 6);
    plain.free();
    const warm = setUp({ decay: 0.25, warmUp: true });
    warm.moveTo(2);
    expect(warm.read()).toBeCloseTo((2 / 11) * 1 + (9 / 11) * 2, 6);
    const first = warm.read();
    warm.moveTo(3);
    expect(warm.read()).toBeCloseTo(0.25 * first + 0.75 * 3, 6);
    warm.free();
  });

  it('swaps with the module and back', () => {
    const { conv, average, moveTo, free, read } = setUp({ decay: 0.5 });
    moveTo(3);
    average.swap();
    expect(conv.weight.value.dataSync()[0]).toBe(2);
    expect(read()).toBe(2);
    expect(() => average.update()).toThrow(/call restore\(\) before/);
    expect(() => average.swap()).toThrow(/already/);
    average.restore();
    expect(conv.weight.value.dataSync()[0]).toBe(3);
    expect(read()).toBe(2);
    expect(() => average.restore()).toThrow(/call swap\(\) first/);
    free();
  });

  it('goes on from its state, the warm-up included', () => {
    const [one, other] = [setUp({ decay: 0.9, warmUp: true }), setUp({ decay: 0.9, warmUp: true })];
    one.moveTo(2);
    other.average.load(one.average.state());
    for (const { moveTo } of [one, other]) moveTo(5);
    expect(other.average.state()).toEqual(one.average.state());
    expect(() => one.average.load(new Map())).toThrow(
      /expected "weight" as \[1, 1, 1, 1\] and found nothing/,
    );
    one.free();
    other.free();
  });
});

describe('evaluateTop1', () => {
  it('is the share of samples whose largest logit is right', () => {
    const logits = tf.tensor2d([1, 2, 0, 5, 4, 4.5, 0, 0, 1, 2, 3, 1], [4, 3]);
    expect(evaluateTop1(logits, [1, 0, 2, 0])).toBe(0.75);
    const labels = tf.tensor1d([0, 0, 0, 1], 'int32');
    expect(evaluateTop1(logits, labels)).toBe(0.5);
    expect(() => evaluateTop1(logits, [1])).toThrow(/\[4,3\] and 1 labels/);
    tf.dispose([logits, labels]);
  });
});

it('dropout and drop-connect act in training alone, drop-connect rising over the layers', () => {
  const network = createNetwork();
  const x = normal([2, 16, 16, 3], randomStream('x'));
  const run = (mode: 'train' | 'calibrate', seed: string) =>
    take(network.forward(x, { mode, random: randomStream(seed) }));
  expect(difference(run('calibrate', 'a'), run('calibrate', 'b'))).toBe(0);
  expect(difference(run('train', 'a'), run('train', 'b'))).toBeGreaterThan(0);
  const stages = [...network.children().get('blocks')!.children().values()];
  const layers = stages.flatMap((stage) => [...stage.children().values()]) as MBConv[];
  expect(layers.map((layer) => layer.options.dropConnect)).toEqual([0, 0.2 / 3, 0.4 / 3]);
  x.dispose();
  network.dispose();
});

describe('wilsonInterval', () => {
  // Its ends are the shares from which what was seen lies 1.96 deviations away.
  it.each([
    [89, 100],
    [1, 7],
    [49_000, 50_000],
  ])('of %i in %i', (hits, trials) => {
    const [low, high] = wilsonInterval(hits, trials);
    for (const end of [low, high]) {
      const deviations = Math.abs(hits / trials - end) / Math.sqrt((end * (1 - end)) / trials);
      expect(deviations).toBeCloseTo(1.959_963_985, 6);
    }
    expect(low).toBeLessThan(hits / trials);
    expect(high).toBeGreaterThan(hits / trials);
  });

  it('stays within 0 and 1', () => {
    expect(wilsonInterval(0, 4)[0]).toBe(0);
    expect(wilsonInterval(4, 4)[1]).toBe(1);
    expect(() => wilsonInterval(0, 0)).toThrow(/0 of 0/);
  });
});
