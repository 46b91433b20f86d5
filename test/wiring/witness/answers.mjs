// A teacher whose features are the images, made smaller, and whose answer can be told from the pixels of data.mjs.
import { definePlugin } from 'dna-nas/core';
import { ModuleTensor, tf } from 'dna-nas/nn';
import { marks, note } from './log.mjs';

const STRIDES = [4, 8];
/** Channels → classes. */
const CLASSIFIER = [
  [0.002, -0.001, 0.003, 0],
  [0.1, 0.2, -0.1, 0],
  [5, 5, 0, 0],
];
const MACS = 3_000_000;
const MACS_BEHIND = [2_000_000, 1_000_000];

function createTeacher({ size, answers, rests, silent }) {
  const extents = STRIDES.map((stride) => size / stride);
  const description = {
    name: 'witness',
    input: { height: size, width: size, channels: 3 },
    stages: extents.map((extent, index) => ({
      name: `stage ${index + 1}`,
      output: { height: extent, width: extent, channels: 3 },
      ...(answers && { macsBehind: MACS_BEHIND[index] }),
    })),
    ...{ params: 1, macs: MACS, classes: 4, fingerprint: 'witness', trainableRest: rests },
  };
  /** The mean of squares, by the classifier; twice of it behind the first stage. */
  function answer(features, stage, statistics) {
    const [, height, width] = features.shape;
    const tensors = tf.memory().numTensors;
    note('answer', { behind: stage, statistics, shape: [height, width], marks: marks(features), tensors });
    return logitsOf(features, stage);
  }
  /** The answer, times a factor that can be trained. */
  function rest(stage) {
    const factor = new ModuleTensor('parameter', [], { layout: 'same', decay: false });
    factor.set(Float32Array.of(1));
    note('rest', { behind: stage, mode: 'opened' });
    return {
      forward(features, { mode }) {
        note('rest', { behind: stage, mode });
        return tf.tidy(() => tf.mul(logitsOf(features, stage), factor.value));
      },
      tensors: () => new Map([['factor', factor]]),
      dispose: () => factor.dispose(),
    };
  }
  const features = (images, stages) =>
    stages.map((stage) => tf.avgPool(images, STRIDES[stage], STRIDES[stage], 'valid'));
  const logits = ({ shape }) => tf.zeros([shape[0], 4]);
  return {
    description,
    features,
    logits,
    dispose() {},
    ...(!silent && { ...(answers && { answer }), ...(rests && { rest }) }),
  };
}

function logitsOf(features, stage) {
  return tf.tidy(() => {
    const logits = tf.matMul(tf.mean(tf.square(features), [1, 2]), tf.tensor2d(CLASSIFIER));
    return tf.mul(logits, 2 - stage);
  });
}

export default definePlugin({
  name: 'witness-answers',
  description: 'Its features are the images, made smaller; its answer is known.',
  module: import.meta.url,
  options: {
    properties: {
      size: { description: 'Height and width of its images.', type: 'integer', default: 32 },
      answers: { description: 'Whether it goes on from features.', type: 'boolean', default: true },
      rests: { description: 'Whether it gives what is behind a stage.', type: 'boolean', default: true },
      silent: {
        description: 'Whether it gives nothing of what it promises.',
        type: 'boolean',
        default: false,
      },
    },
  },
  apply(run, options) {
    const teacher = createTeacher(options);
    run.hooks.resolveTeacher.tap('witness-answers', () => ({
      describe: async () => teacher.description,
      load: async () => teacher,
    }));
  },
});
