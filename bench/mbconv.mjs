// MBConv6 k5 on 64×28×28×40 (40 → 240 → 240 → 40 channels, batch norm in training mode, swish, residual) on one thread:
// (A) plain tfjs ops on its wasm backend, forward; (B) our kernels, forward; (C) our kernels, forward and backward.
// Run after a build: node bench/mbconv.mjs [rounds=7]
import { tf } from 'dna-nas/nn';
import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';

const ROUNDS = Number(process.argv[2] ?? 7);
const [BATCH, SIZE, CHANNELS, EXPANDED, KERNEL] = [64, 28, 40, 240, 5];
const EPSILON = 1e-3;
const SAME = { strides: [1, 1], padding: [2, 2, 2, 2], dilations: [1, 1] };

await startWasmBackend();

const kernel = (name, inputs, attributes = {}) => tf.engine().runKernel(`Dna${name}`, inputs, attributes);
const rows = (x) => tf.reshape(x, [-1, x.shape[3]]);
const image = (x) => tf.reshape(x, [BATCH, SIZE, SIZE, x.shape[1]]);
const normal = (...shape) => tf.randomNormal(shape, 0, 0.3, 'float32', 1);

const weights = {
  expand: normal(CHANNELS, EXPANDED),
  depthwise: normal(KERNEL, KERNEL, EXPANDED, 1),
  project: normal(EXPANDED, CHANNELS),
};
const norms = [EXPANDED, EXPANDED, CHANNELS].map((c) => ({ scale: tf.ones([c]), offset: tf.zeros([c]) }));
const input = normal(BATCH, SIZE, SIZE, CHANNELS);
const outputGradient = normal(BATCH, SIZE, SIZE, CHANNELS);

function plainNorm(x, { scale, offset }, swish) {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const z = tf.batchNorm(x, mean, variance, offset, scale, EPSILON);
  return swish ? tf.mul(z, tf.sigmoid(z)) : z;
}

function plainForward(x) {
  let y = tf.conv2d(x, tf.reshape(weights.expand, [1, 1, CHANNELS, EXPANDED]), 1, 'same');
  y = plainNorm(y, norms[0], true);
  y = tf.depthwiseConv2d(y, weights.depthwise, 1, 'same');
  y = plainNorm(y, norms[1], true);
  y = tf.conv2d(y, tf.reshape(weights.project, [1, 1, EXPANDED, CHANNELS]), 1, 'same');
  return tf.add(plainNorm(y, norms[2], false), x);
}

function norm(x, index, activation) {
  const [y, mean, variance] = kernel(
    'BatchNormTraining',
    { x, ...norms[index] },
    { epsilon: EPSILON, activation },
  );
  return { y, mean, variance };
}

/** The forward pass with what the backward pass needs. */
function ourForward(x) {
  const expanded = image(kernel('MatMul', { a: rows(x), b: weights.expand }));
  const first = norm(expanded, 0, 'swish');
  const filtered = kernel('DepthwiseConv2d', { x: first.y, filter: weights.depthwise }, SAME);
  const second = norm(filtered, 1, 'swish');
  const projected = image(kernel('MatMul', { a: rows(second.y), b: weights.project }));
  const third = norm(projected, 2, 'none');
  return { y: tf.add(third.y, x), x, expanded, first, filtered, second, projected, third };
}

function normGrad(dy, x, index, { mean, variance }, activation) {
  const inputs = { dy, x, ...norms[index], mean, variance };
  return kernel('BatchNormTrainingGrad', inputs, { epsilon: EPSILON, activation });
}

function ourForwardBackward(x, dy) {
  const f = ourForward(x);
  const [dProjected, ...third] = normGrad(dy, f.projected, 2, f.third, 'none');
  const dProject = kernel('MatMulGradB', { a: rows(f.second.y), dy: rows(dProjected) });
  const dSecond = image(kernel('MatMulGradA', { dy: rows(dProjected), b: weights.project }));
  const [dFiltered, ...second] = normGrad(dSecond, f.filtered, 1, f.second, 'swish');
  const extra = { ...SAME, inputShape: f.first.y.shape, filterShape: weights.depthwise.shape };
  const dDepthwise = kernel('DepthwiseConv2dGradFilter', { x: f.first.y, dy: dFiltered }, extra);
  const dFirst = kernel('DepthwiseConv2dGradInput', { dy: dFiltered, filter: weights.depthwise }, extra);
  const [dExpanded, ...first] = normGrad(dFirst, f.expanded, 0, f.first, 'swish');
  const dExpand = kernel('MatMulGradB', { a: rows(x), dy: rows(dExpanded) });
  const dx = tf.add(image(kernel('MatMulGradA', { dy: rows(dExpanded), b: weights.expand })), dy);
  return [f.y, dx, dExpand, dDepthwise, dProject, ...first, ...second, ...third];
}

function time(run) {
  const start = performance.now();
  tf.tidy(() => {
    run();
  });
  return performance.now() - start;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const runs = {
  'A plain tfjs forward': () => plainForward(input),
  'B our forward': () => ourForward(input),
  'C our forward + backward': () => ourForwardBackward(input, outputGradient),
};

function compareOutputs() {
  return tf.tidy(() => tf.max(tf.abs(tf.sub(plainForward(input), ourForward(input).y))).dataSync()[0]);
}

const difference = compareOutputs();
const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
for (const run of Object.values(runs)) time(run);
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries(runs)) times[name].push(time(run));
}
const plain = median(times['A plain tfjs forward']);
for (const [name, values] of Object.entries(times)) {
  const value = median(values);
  console.log(`${name.padEnd(26)} ${value.toFixed(0).padStart(6)} ms   ${(value / plain).toFixed(2)} × A`);
}
const milliseconds = Object.fromEntries(
  Object.entries(times).map(([name, values]) => [name[0], median(values)]),
);
console.log(JSON.stringify({ bench: 'mbconv', rounds: ROUNDS, milliseconds, largestDifference: difference }));
