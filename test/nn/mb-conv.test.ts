import { randomStream } from 'dna-nas/core';
import type { ForwardContext } from 'dna-nas/core/contracts';
import { EVALUATE, type Module, type ModuleTensor, tf } from 'dna-nas/nn';
import { DepthwiseSeparable, MBConv, type MBConvOptions } from 'dna-nas/nn/layers';
import { gradients } from 'dna-nas/nn/optimisers';
import { describe, expect, it } from 'vitest';
import * as reference from '../ops/float64.js';
import { difference, normal, onCpu, scatter, take } from './tensors.js';

onCpu();

const RESIDUAL: MBConvOptions = {
  inputChannels: 4,
  outputChannels: 4,
  kernel: 3,
  expansion: 2,
  squeezeExcite: 0.5,
};
const STRIDED: MBConvOptions = { ...RESIDUAL, outputChannels: 6, kernel: 5, stride: 2 };

type Values = reference.Values;

/** MBConv in `evaluate`, in 64-bit floats, from the module's own tensors. */
function mbConvReference(module: MBConv, x: Values, sides: (stride: number) => reference.Geometry): Values {
  const tensors = module.tensors();
  const get = (name: string, shape?: number[]): Values => {
    const tensor = tensors.get(name)!;
    const data = tensor.value.dataSync();
    return reference.values(shape ?? tensor.shape, (index) => data[index]!);
  };
  const norm = (input: Values, name: string, activation: reference.Activation) => {
    const [scale, offset] = [get(`${name}.weight`), get(`${name}.bias`)];
    const [mean, variance] = [get(`${name}.running_mean`), get(`${name}.running_var`)];
    return reference.batchNorm({ x: input, scale, offset, mean, variance }, 1e-5, activation);
  };
  const plain = { strides: [1, 1], padding: [0, 0, 0, 0], dilations: [1, 1] } as const;
  const expanded = norm(reference.conv2d(x, get('conv_pw.weight'), plain), 'bn1', 'swish');
  const geometry = sides(module.options.stride ?? 1);
  const deep = norm(reference.depthwiseConv2d(expanded, get('conv_dw.weight'), geometry), 'bn2', 'swish');
  const squeeze = {
    x: deep,
    reduceWeight: get('se.conv_reduce.weight', [8, 2]),
    reduceBias: get('se.conv_reduce.bias'),
    expandWeight: get('se.conv_expand.weight', [2, 8]),
    expandBias: get('se.conv_expand.bias'),
  };
  const gated = reference.squeezeExcite(squeeze, 'swish');
  const y = norm(reference.conv2d(gated, get('conv_pwl.weight'), plain), 'bn3', 'none');
  return module.options.outputChannels === 4 ? add(y, x) : y;
}

function add(a: Values, b: Values): Values {
  return reference.values(a.shape, (index) => a.data[index]! + b.data[index]!);
}

describe('MBConv against 64-bit loops', () => {
  it.each([
    ['residual, same', RESIDUAL, [1, 1, 1, 1]],
    ['stride 2 on 6 pixels, same', STRIDED, [1, 2, 1, 2]],
    ['stride 2 on 6 pixels, symmetric', { ...STRIDED, padding: 'symmetric' }, [2, 2, 2, 2]],
  ] as const)('%s', (_name, options, padding) => {
    const module = new MBConv(options as MBConvOptions);
    scatter(module, 'mb-conv');
    const x = normal([2, 6, 6, 4], randomStream('x'));
    const input = x.dataSync();
    const y = module.forward(x, EVALUATE);
    const expected = mbConvReference(
      module,
      reference.values([2, 6, 6, 4], (index) => input[index]!),
      (stride) => ({ strides: [stride, stride], padding, dilations: [1, 1] }),
    );
    expect(y.shape).toEqual(expected.shape);
    expect(difference(take(y), expected.data)).toBeLessThan(2e-6);
    tf.dispose(x);
    module.dispose();
  });
});

/** ⟨gradient, direction⟩ against the central difference of the loss along it, for every parameter. */
function checkGradients(module: Module, context: ForwardContext): void {
  scatter(module, 'gradients');
  const x = normal([3, 6, 6, 4], randomStream('input'));
  const shape = [3, ...outputSize(module)];
  const weights = normal(shape, randomStream('weights'));
  const constants = weights.dataSync();
  const loss = () => tf.tidy(() => tf.sum(tf.mul(module.forward(x, context), weights)) as tf.Scalar);
  const precise = () =>
    take(module.forward(x, context)).reduce((sum, y, index) => sum + y * constants[index]!, 0);
  const result = gradients(loss, module.parameters());
  result.value.dispose();
  for (const [name, parameter] of module.parameters()) {
    const slope = take(result.gradients.get(name)!);
    const direction = randomStream(name);
    const along = Float32Array.from(slope, () => direction.normal());
    const expected = centralDifference(parameter, along, precise);
    const found = slope.reduce((sum, value, index) => sum + value * along[index]!, 0);
    // The floor stands for the loss's own rounding, which a small slope drowns in.
    const scale = Math.max(Math.hypot(...slope) * Math.hypot(...along), 0.2);
    expect(Math.abs(found - expected) / scale, name).toBeLessThan(2e-3);
  }
  tf.dispose([x, weights]);
  module.dispose();
}

function outputSize(module: Module): number[] {
  const { height, width, channels } = module.trace({ height: 6, width: 6, channels: 4 }).output;
  return [height, width, channels];
}

function centralDifference(parameter: ModuleTensor, along: Float32Array, loss: () => number): number {
  const start = (parameter.value.dataSync() as Float32Array).slice();
  const step = 4e-3;
  const at = (side: number) => {
    parameter.set(start.map((value, index) => value + side * step * along[index]!));
    return loss();
  };
  const slope = (at(1) - at(-1)) / (2 * step);
  parameter.set(start);
  return slope;
}

describe('gradients against finite differences', () => {
  const train: ForwardContext = { mode: 'train', random: randomStream('drops') };
  it.each([
    ['residual with drop-connect', new MBConv({ ...RESIDUAL, dropConnect: 0.5 }), train],
    ['stride 2', new MBConv(STRIDED), train],
    ['stride 2, symmetric', new MBConv({ ...STRIDED, padding: 'symmetric' }), train],
    ['running statistics', new MBConv(RESIDUAL), EVALUATE],
    ['depthwise separable', new DepthwiseSeparable({ ...RESIDUAL, squeezeExcite: 0.25 }), train],
  ])('%s', (_name, module, context) => {
    checkGradients(module, context);
  });
});

describe('drop-connect', () => {
  it('is a function of the stream, leaves whole samples out and rescales the rest', () => {
    const module = new MBConv({ ...RESIDUAL, dropConnect: 0.5 });
    const plain = new MBConv(RESIDUAL);
    scatter(module, 'drop');
    scatter(plain, 'drop');
    const x = normal([16, 3, 3, 4], randomStream('x'));
    const run = (of: MBConv, seed: string) =>
      take(of.forward(x, { mode: 'train', random: randomStream(seed) }));
    const first = run(module, 'a');
    expect(run(module, 'a')).toEqual(first);
    expect(run(module, 'b')).not.toEqual(first);
    const branch = run(plain, 'a').map((value, index) => value - x.dataSync()[index]!);
    const seen = new Set<number>();
    for (let sample = 0; sample < 16; sample++) {
      const at = sample * 36;
      const factor = Math.round((first[at]! - x.dataSync()[at]!) / branch[at]!);
      seen.add(factor);
      const expected = branch
        .slice(at, at + 36)
        .map((value, index) => factor * value + x.dataSync()[at + index]!);
      expect(difference(first.slice(at, at + 36), expected)).toBeLessThan(1e-5);
    }
    expect([...seen].sort()).toEqual([0, 2]);
    x.dispose();
    module.dispose();
    plain.dispose();
  });

  it('needs a stream in training and none elsewhere', () => {
    const module = new MBConv({ ...RESIDUAL, dropConnect: 0.5 });
    scatter(module, 'drop');
    const x = normal([2, 3, 3, 4], randomStream('x'));
    expect(() => module.forward(x, { mode: 'train' })).toThrow(/drop-connect layer draws in training/);
    module.forward(x, EVALUATE).dispose();
    module.forward(x, { mode: 'calibrate' }).dispose();
    x.dispose();
    module.dispose();
  });
});

describe('structure', () => {
  it('squeezes from the input channels and expands even by 1', () => {
    const shapes = (options: MBConvOptions) =>
      new Map([...new MBConv(options).tensors()].map(([name, tensor]) => [name, tensor.shape]));
    const wide = shapes({
      inputChannels: 24,
      outputChannels: 40,
      kernel: 5,
      expansion: 6,
      squeezeExcite: 0.25,
    });
    expect(wide.get('se.conv_reduce.weight')).toEqual([1, 1, 144, 6]);
    expect(wide.get('conv_dw.weight')).toEqual([5, 5, 144, 1]);
    const narrow = shapes({ inputChannels: 8, outputChannels: 8, kernel: 3, expansion: 1 });
    expect(narrow.get('conv_pw.weight')).toEqual([1, 1, 8, 8]);
    expect(narrow.has('se.conv_reduce.weight')).toBe(false);
  });
});
