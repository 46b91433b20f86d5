import { randomStream } from 'dna-nas/core';
import type { StateDict } from 'dna-nas/core/contracts';
import { EVALUATE } from 'dna-nas/nn';
import { BatchNorm, Conv2d, DepthwiseConv2d, Linear, Sequential } from 'dna-nas/nn/layers';
import { EfficientNet, parseStages } from 'dna-nas/nn/networks';
import { fileShape, foldBatchNorms, loadStateDict, stateDict } from 'dna-nas/nn/weights';
import { describe, expect, it } from 'vitest';
import { difference, normal, onCpu, scatter, take } from './tensors.js';

onCpu();

const STAGES = parseStages([
  ['ds_r1_k3_s1_c8_se0.25'],
  ['ir_r2_k5_s2_e2_c16_se0.25'],
  ['ir_r1_k3_s1_e3_c16'],
]);

function createNetwork(classes = 3): EfficientNet {
  return new EfficientNet({ stem: 8, head: 16, classes, stages: STAGES, batchNorm: { epsilon: 1e-3 } });
}

describe('layouts', () => {
  it('a convolution is OIHW in files', () => {
    const conv = new Conv2d({ inputChannels: 2, outputChannels: 3, kernel: 2 });
    // Index in memory: ((h·2 + w)·2 + i)·3 + o.
    conv.weight.set(Float32Array.from({ length: 24 }, (_, index) => index));
    const { shape, data } = stateDict(conv).get('weight')!;
    expect(shape).toEqual([3, 2, 2, 2]);
    expect([...data.subarray(0, 8)]).toEqual([0, 6, 12, 18, 3, 9, 15, 21]);
    expect(data[8]).toBe(1);
    conv.dispose();
  });

  it('a depthwise convolution is [c, 1, kh, kw], a linear layer [out, in]', () => {
    const depthwise = new DepthwiseConv2d({ channels: 2, kernel: 3 });
    depthwise.weight.set(Float32Array.from({ length: 18 }, (_, index) => index));
    expect(fileShape(depthwise.weight)).toEqual([2, 1, 3, 3]);
    const odd = [1, 3, 5, 7, 9, 11, 13, 15, 17];
    expect([...stateDict(depthwise).get('weight')!.data.subarray(9)]).toEqual(odd);
    const linear = new Linear({ inputs: 2, outputs: 3 }).initialise(randomStream('linear'));
    linear.weight.set(Float32Array.of(0, 1, 2, 3, 4, 5));
    const { shape, data } = stateDict(linear).get('weight')!;
    expect([shape, [...data]]).toEqual([[3, 2], [0, 3, 1, 4, 2, 5]]); // biome-ignore format: a matrix
    depthwise.dispose();
    linear.dispose();
  });
});

describe('state dicts', () => {
  it('carry a network over, values copied', () => {
    const [network, copy] = [createNetwork(), createNetwork()];
    scatter(network, 'network');
    const dict = stateDict(network);
    dict.set('bn1.num_batches_tracked', { shape: [], data: Float32Array.of(7) });
    expect(loadStateDict(copy, dict)).toEqual({ missing: [], extra: [] });
    dict.get('classifier.bias')!.data.fill(99);
    const x = normal([2, 16, 16, 3], randomStream('x'));
    expect(take(copy.forward(x, EVALUATE))).toEqual(take(network.forward(x, EVALUATE)));
    x.dispose();
    network.dispose();
    copy.dispose();
  });

  it('list what is missing, extra and misshapen, and change nothing then', () => {
    const network = createNetwork();
    scatter(network, 'network');
    const dict = stateDict(network);
    const before = take(network.tensors().get('bn1.weight')!.value.clone());
    for (const name of [...dict.keys()].slice(0, 8)) if (name !== 'bn1.weight') dict.delete(name);
    dict.set('head.weight', { shape: [1], data: new Float32Array(1) });
    dict.set('bn1.weight', { shape: [8], data: new Float32Array(8) });
    dict.set('classifier.weight', { shape: [16, 3], data: new Float32Array(48) });
    dict.set('classifier.bias', { shape: [3], data: new Float32Array(2) });
    const load = () => loadStateDict(network, dict);
    expect(load).toThrow(/7 missing: conv_stem.weight; bn1.bias; .*; and 2 more\./);
    expect(load).toThrow(/1 not in the network: head.weight\./);
    expect(load).toThrow(/2 of another shape: classifier.weight is \[16, 3\], expected \[3, 16\]/);
    expect(load).toThrow(/classifier.bias holds 2 values, its shape says 3/);
    expect(network.tensors().get('bn1.weight')!.value.dataSync()).toEqual(before);
    network.dispose();
  });

  it('load in part when not strict, and still refuse shapes', () => {
    const [network, other] = [createNetwork(), createNetwork(5)];
    scatter(network, 'network');
    scatter(other, 'other');
    const dict = stateDict(network);
    expect(() => loadStateDict(other, dict, { strict: false })).toThrow(/2 of another shape/);
    dict.delete('classifier.weight');
    dict.delete('classifier.bias');
    dict.set('more', { shape: [], data: new Float32Array(1) });
    const missing = ['classifier.weight', 'classifier.bias'];
    expect(loadStateDict(other, dict, { strict: false })).toEqual({ missing, extra: ['more'] });
    expect(stateDict(other).get('bn2.bias')).toEqual(dict.get('bn2.bias'));
    network.dispose();
    other.dispose();
  });
});

describe('foldBatchNorms', () => {
  it.each(['same', 'symmetric'] as const)('equals the network in evaluate, %s padding', (padding) => {
    const network = new EfficientNet({ ...createNetwork().spec, padding });
    scatter(network, 'network');
    const folded = foldBatchNorms(network);
    expect([...folded.tensors().keys()].filter((name) => /bn|running/.test(name))).toEqual([]);
    const x = normal([2, 15, 15, 3], randomStream('x'));
    const pairs = [
      ...zip(folded.features(x, EVALUATE, [0, 1, 2]), network.features(x, EVALUATE, [0, 1, 2])),
      [folded.forward(x, EVALUATE), network.forward(x, EVALUATE)] as const,
    ];
    for (const [found, expected] of pairs) expect(difference(take(found), take(expected))).toBeLessThan(1e-5);
    x.dispose();
    network.dispose();
    folded.dispose();
  });

  it('takes a bias of the convolution along', () => {
    class Biased extends Sequential {
      override foldable() {
        return new Map([['0', '1']]);
      }
      override withoutBatchNorm(): Sequential {
        return new Sequential([new Conv2d({ inputChannels: 3, outputChannels: 4, kernel: 3, bias: true })]);
      }
    }
    const conv = new Conv2d({ inputChannels: 3, outputChannels: 4, kernel: 3, bias: true });
    const network = new Biased([conv, new BatchNorm({ channels: 4 })]);
    scatter(network, 'biased');
    const folded = foldBatchNorms<Sequential>(network);
    const x = normal([2, 5, 5, 3], randomStream('x'));
    const expected = take(network.forward(x, EVALUATE));
    expect(difference(take(folded.forward(x, EVALUATE)), expected)).toBeLessThan(1e-5);
    x.dispose();
    network.dispose();
    folded.dispose();
  });

  it('says which module cannot be folded', () => {
    const network = new Sequential([new BatchNorm({ channels: 2 })]);
    expect(() => foldBatchNorms(network)).toThrow(/BatchNorm cannot be folded/);
  });
});

function zip<T>(a: readonly T[], b: readonly T[]): (readonly [T, T])[] {
  return a.map((item, index) => [item, b[index]!] as const);
}

it('the dictionary is in the order of the network', () => {
  const network = createNetwork();
  scatter(network, 'network');
  const dict: StateDict = stateDict(network);
  expect([...dict.keys()]).toEqual([...network.tensors().keys()]);
  network.dispose();
});
