import '@tensorflow/tfjs-backend-cpu';
import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import {
  absoluteError,
  activate,
  batchNorm,
  batchNormTraining,
  channelGate,
  conv2d,
  cosineDistance,
  depthwiseConv2d,
  dropConnect,
  dropout,
  globalMean,
  matMul,
  relativeL1,
  scaleShift,
  softmaxCrossEntropy,
  squaredError,
} from 'dna-nas/nn/ops';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ones = (...shape: number[]): tf.Tensor => tf.ones(shape);

const MISTAKES: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['matMul', () => matMul(ones(2, 3), ones(4, 5)), /^matMul: .* a \[2, 3\], b \[4, 5\]\.$/],
  [
    'conv2d',
    () => conv2d(ones(1, 5, 5, 3), ones(3, 3, 4, 8)),
    /^conv2d: .* x \[1, 5, 5, 3\], filter \[3, 3, 4, 8\]/,
  ],
  ['conv2d of a row', () => conv2d(ones(5, 3), ones(3, 3, 3, 8)), /^conv2d: .* x \[5, 3\]/],
  [
    'depthwiseConv2d',
    () => depthwiseConv2d(ones(1, 5, 5, 3), ones(3, 3, 3, 2)),
    /^depthwiseConv2d: .* \[3, 3, 3, 2\]/,
  ],
  [
    'batchNormTraining',
    () => batchNormTraining(ones(4, 3), ones(3), ones(4)),
    /^batchNormTraining: .* offset \[4\]/,
  ],
  [
    'an empty batch',
    () => batchNormTraining(ones(0, 3), ones(3), ones(3)),
    /^batchNormTraining: .* x \[0, 3\]/,
  ],
  ['scaleShift', () => scaleShift(ones(4, 3), ones(3), ones(1, 3)), /^scaleShift: .* shift \[1, 3\]/],
  ['globalMean', () => globalMean(ones(4, 3)), /^globalMean: .* x \[4, 3\]/],
  ['channelGate', () => channelGate(ones(2, 4, 4, 3), ones(3, 3)), /^channelGate: .* gate \[3, 3\]/],
  ['squaredError', () => squaredError(ones(2, 3), ones(3)), /^squaredError: .* y \[2, 3\], target \[3\]/],
  ['absoluteError', () => absoluteError(ones(2, 3), ones(3, 2)), /^absoluteError: .* target \[3, 2\]/],
  ['relativeL1', () => relativeL1(ones(0, 3), ones(0, 3)), /^relativeL1: .* non-empty shape/],
  ['cosineDistance', () => cosineDistance(ones(2, 3), ones(2, 4)), /^cosineDistance: .* target \[2, 4\]/],
  [
    'labels',
    () => softmaxCrossEntropy(ones(2, 3), ones(2)),
    /^softmaxCrossEntropy: .*labels are float32.* labels \[2\]/,
  ],
  [
    'smoothing',
    () => softmaxCrossEntropy(ones(2, 3), ones(2, 3), { smoothing: 1 }),
    /smoothing from 0 .* found 1/,
  ],
  ['activation', () => activate(ones(2), 'gelu' as 'relu'), /^activate: expected none, .* found "gelu"/],
  ['dropout', () => dropout(ones(2), 1, randomStream(0)), /^dropout: expected a rate .* found 1/],
  ['dropConnect', () => dropConnect(ones(2), Number.NaN, randomStream(0)), /^dropConnect: .* found NaN/],
  [
    'a type',
    () => globalMean(tf.ones([1, 2, 2, 3], 'int32')),
    /^globalMean: expected x as float32, found int32/,
  ],
  [
    'batchNorm',
    () => batchNorm(ones(4, 3), { mean: ones(3), variance: ones(1), scale: ones(3), offset: ones(3) }),
    /^batchNorm: .* mean \[3\], variance \[1\], scale \[3\], offset \[3\]/,
  ],
];

beforeAll(async () => {
  await tf.setBackend('cpu');
  tf.engine().startScope();
});
afterAll(() => {
  tf.engine().endScope();
});

it.each(MISTAKES)('%s: says what was found and what was expected', (_, mistake, message) => {
  expect(mistake).toThrow(message);
});
