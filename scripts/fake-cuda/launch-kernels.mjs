// A program for the fake GPU: runs every op that has a CUDA kernel of ours, in every form in which a kernel is compiled:
// channels that fill 16 bytes and that do not, all activations, filters and strides.

import { tf } from 'dna-nas/nn';
import { runKernel } from 'dna-nas/nn/kernels';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';

const [precision = 'float32'] = process.argv.slice(2);
await startTorchBackend({ device: 'cuda', precision });

const ACTIVATIONS = ['none', 'relu', 'relu6', 'swish', 'sigmoid'];
const WITHOUT_WINDOW = { strides: [1, 1], padding: [0, 0, 0, 0], dilations: [1, 1] };
const random = (...shape) => tf.add(tf.zeros(shape), 0.5);
/** As activations are stored in this precision: a convolution's result. */
function stored(...shape) {
  const filter = random(1, 1, shape[3], shape[3]);
  return runKernel('Conv2d', { x: random(...shape), filter }, WITHOUT_WINDOW);
}

function rows(channels, activation) {
  const [x, dy] = [stored(2, 6, 7, channels), stored(2, 6, 7, channels)];
  const [scale, offset, mean, variance] = Array.from({ length: 4 }, () => random(channels));
  const norm = { epsilon: 1e-3, activation };
  runKernel('BatchNormTraining', { x, scale, offset }, norm);
  runKernel('BatchNormTrainingGrad', { dy, x, scale, offset, mean, variance }, norm);
  runKernel('ScaleShift', { x, scale, shift: offset }, { activation });
}

/** Tensors as they are allocated, and views that begin in between what memory is aligned to. */
function elements() {
  const whole = stored(9, 1, 1, 5);
  for (const x of [whole, tf.slice(whole, [1, 0, 0, 0])]) {
    for (const activation of ACTIVATIONS) {
      runKernel('Activate', { x }, { activation });
      runKernel('ActivateGrad', { dy: x, x }, { activation });
    }
    runKernel('SquaredError', { y: x, target: x });
    runKernel('SquaredErrorGrad', { dloss: tf.scalar(1), y: x, target: x });
  }
}

function images(channels) {
  const shape = [2, 6, 7, channels];
  const [x, dy] = [stored(...shape), stored(...shape)];
  const [gate, shift] = [random(2, channels), random(2, channels)];
  runKernel('GlobalMean', { x });
  runKernel('GlobalMeanGrad', { dy: gate }, { inputShape: shape });
  runKernel('ChannelGate', { x, gate });
  runKernel('ChannelGateShift', { x, gate, shift });
  runKernel('ChannelGateGrad', { dy, x, gate });
  runKernel('ChannelDot', { a: x, b: dy });
}

/** Strips of 7 and of 14 outputs, and both phases of a stride of two. */
const DEPTHWISE = [
  { size: 7, stride: 1, before: 1 },
  { size: 14, stride: 1, before: 1 },
  { size: 14, stride: 2, before: 0 },
  { size: 14, stride: 2, before: 1 },
];

function depthwise(channels, kernel, { size, stride, before }) {
  const outputs = size / stride;
  const after = (outputs - 1) * stride + kernel - size - before;
  const attributes = {
    strides: [stride, stride],
    padding: [before, after, before, after],
    dilations: [1, 1],
  };
  const [x, dy] = [stored(1, size, size, channels), stored(1, outputs, outputs, channels)];
  const [filter, bias] = [random(kernel, kernel, channels, 1), random(channels)];
  runKernel('DepthwiseConv2d', { x, filter }, attributes);
  runKernel('DepthwiseConv2dBias', { x, filter, bias }, { ...attributes, activation: 'swish' });
  runKernel('DepthwiseConv2dGradInput', { dy, filter }, { ...attributes, inputShape: x.shape });
  runKernel('DepthwiseConv2dGradFilter', { x, dy }, { ...attributes, filterShape: filter.shape });
}

function optimisers() {
  const tensors = (count) => Array.from({ length: count }, () => random(33));
  const step = { learningRate: 0.1, weightDecay: [0.01] };
  const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, steps: [1] };
  runKernel('AdamStep', tensors(4), { ...step, ...adam });
  for (const nesterov of [false, true])
    runKernel('SgdStep', tensors(3), { ...step, momentum: 0.9, nesterov });
  runKernel('RmspropStep', tensors(4), { ...step, decay: 0.9, momentum: 0.9, epsilon: 1e-3 });
  runKernel('Blend', tensors(2), { keep: 0.9, shares: [0.1] });
}

tf.tidy(() => {
  for (const channels of [16, 5]) {
    for (const activation of ACTIVATIONS) rows(channels, activation);
    images(channels);
    for (const kernel of [3, 5, 7]) for (const form of DEPTHWISE) depthwise(channels, kernel, form);
  }
  elements();
  optimisers();
});
