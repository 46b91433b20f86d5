// One MBConv6 k5 block on one thread, against plain tfjs ops on the same backend: node bench/mbconv.mjs [--json]
import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { MBConv } from 'dna-nas/nn/layers';
import { disposeGradients, gradients } from 'dna-nas/nn/optimisers';
import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
import { interleave, median, medianRatio, runAlone } from './measure.mjs';

const ROUNDS = 7;
const [BATCH, SIZE, CHANNELS, EXPANSION, KERNEL] = [64, 28, 40, 6, 5];
const EPSILON = 1e-3;

/** Measures a layer of ours as training runs it: batch statistics, swish, residual, no squeeze-excite. */
export async function benchMbconv() {
  await startWasmBackend();
  const layer = new MBConv({
    inputChannels: CHANNELS,
    outputChannels: CHANNELS,
    kernel: KERNEL,
    stride: 1,
    expansion: EXPANSION,
    batchNorm: { momentum: 0.1, epsilon: EPSILON },
  }).initialise(randomStream('mbconv'));
  const input = tf.variable(tf.randomNormal([BATCH, SIZE, SIZE, CHANNELS], 0, 1, 'float32', 1));
  const train = () => layer.forward(input, { mode: 'train' });
  const parameters = new Map([...layer.parameters(), ['input', { value: input }]]);
  const backward = () => disposeGradients(gradients(() => tf.mean(train()), parameters));
  const plain = plainLayer(layer.tensors());
  const largestDifference = tf.tidy(() => tf.max(tf.abs(tf.sub(plain(input), train()))).dataSync()[0]);
  const sides = { plain: timed(() => plain(input)), forward: timed(train), both: timed(backward) };
  await interleave(sides, 1);
  return { bench: 'mbconv', figures: figures(await interleave(sides, ROUNDS), largestDifference) };
}

function timed(run) {
  return () => {
    const began = performance.now();
    tf.tidy(() => void run());
    return { seconds: (performance.now() - began) / 1000 };
  };
}

/** The same layer as one would write it in tfjs, on the same weights. */
function plainLayer(tensors) {
  const value = (name) => tensors.get(name).value;
  const norm = (x, name, swish) => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const z = tf.batchNorm(x, mean, variance, value(`${name}.bias`), value(`${name}.weight`), EPSILON);
    return swish ? tf.mul(z, tf.sigmoid(z)) : z;
  };
  return (x) => {
    const expanded = norm(tf.conv2d(x, value('conv_pw.weight'), 1, 'same'), 'bn1', true);
    const filtered = norm(tf.depthwiseConv2d(expanded, value('conv_dw.weight'), 1, 'same'), 'bn2', true);
    return tf.add(norm(tf.conv2d(filtered, value('conv_pwl.weight'), 1, 'same'), 'bn3', false), x);
  };
}

function figures({ plain, forward, both }, largestDifference) {
  const milliseconds = (runs) => `${(1000 * median(runs.map(({ seconds }) => seconds))).toFixed(0)} ms`;
  return [
    {
      what: 'MBConv6 k5 training, forward against plain tfjs forward',
      value: medianRatio(forward, plain),
      unit: '×',
      target: { most: 0.4 },
      detail: `${milliseconds(forward)} against ${milliseconds(plain)}; largest difference of an output ${largestDifference.toExponential(0)}`,
    },
    {
      what: 'MBConv6 k5 training, forward + backward against the same',
      value: medianRatio(both, plain),
      unit: '×',
      target: { most: 1.2 },
      detail: `${milliseconds(both)} against ${milliseconds(plain)}`,
    },
  ];
}

await runAlone(import.meta.url, benchMbconv);
