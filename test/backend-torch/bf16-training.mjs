// Trains an MBConv to give what another one gives, in the precision asked for, and multiplies vectors.
// Usage: node bf16-training.mjs float32|bf16 STEPS; prints { losses, vectors } as JSON.
import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { MBConv } from 'dna-nas/nn/layers';
import { matMul, matMulGradientOfA, matMulGradientOfB, squaredError } from 'dna-nas/nn/ops';
import { adam, disposeGradients, gradients } from 'dna-nas/nn/optimisers';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';

const STEPS = Number(process.argv[3]);
/** As many images as a GPU has at once, so that squeeze-and-excitation has as many vectors. */
const BATCH = 64;
const SIZE = 6;
const CHANNELS = 8;
const BLOCK = {
  inputChannels: CHANNELS,
  outputChannels: CHANNELS,
  kernel: 3,
  expansion: 4,
  squeezeExcite: 0.25,
};

await startTorchBackend({ device: 'cpu', threads: 1, precision: process.argv[2] });

function normal(name, shape) {
  const random = randomStream('bf16').fork(name);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  );
}

function block(name) {
  const module = new MBConv(BLOCK);
  module.initialise(randomStream('bf16').fork(name));
  return module;
}

function train() {
  const [teacher, student] = [block('teacher'), block('student')];
  const optimiser = adam();
  const context = { mode: 'train', random: randomStream('drop') };
  const losses = [];
  for (let step = 0; step < STEPS; step++) {
    const x = normal(`batch ${step}`, [BATCH, SIZE, SIZE, CHANNELS]);
    const target = teacher.forward(x, context);
    const result = gradients(
      () => tf.tidy(() => squaredError(student.forward(x, context), target)),
      student.parameters(),
    );
    losses.push(result.value.dataSync()[0]);
    optimiser.step(student.parameters(), result.gradients, 0.003);
    disposeGradients(result);
    tf.dispose([x, target]);
  }
  return losses;
}

/** The largest error of a product and its gradients beside float64, of the largest value, by the number of vectors. */
function vectorErrors(rows) {
  const [inner, columns] = [40, 10];
  const [a, b, dy] = [
    normal('a', [rows, inner]),
    normal('b', [inner, columns]),
    normal('dy', [rows, columns]),
  ];
  const [left, right, slope] = [a, b, dy].map((tensor) => tensor.arraySync());
  const turned = (matrix) => matrix[0].map((_, column) => matrix.map((row) => row[column]));
  return Math.max(
    distance(matMul(a, b), left, right),
    distance(matMulGradientOfA(dy, b), slope, turned(right)),
    distance(matMulGradientOfB(a, dy), turned(left), slope),
  );
}

function distance(found, left, right) {
  const wanted = left.map((row) =>
    right[0].map((_, at) => row.reduce((sum, value, k) => sum + value * right[k][at], 0)),
  );
  const values = found.arraySync();
  const largest = Math.max(...wanted.flat().map(Math.abs));
  return (
    Math.max(...wanted.flatMap((row, i) => row.map((value, j) => Math.abs(values[i][j] - value)))) / largest
  );
}

const vectors = [8, 63, 64, 256].map(vectorErrors);
console.log(JSON.stringify({ losses: train(), vectors }));
