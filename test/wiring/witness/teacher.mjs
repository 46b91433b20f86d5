// A teacher whose features are the images, made smaller. It takes images of twice the data's size.
import { definePlugin } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { note } from './log.mjs';

const STRIDES = [4, 8];
const SIZE = 32;
const description = {
  name: 'witness',
  input: { height: SIZE, width: SIZE, channels: 3 },
  stages: STRIDES.map((stride, index) => ({
    name: `stage ${index + 1}`,
    output: { height: SIZE / stride, width: SIZE / stride, channels: 3 },
  })),
  params: 1,
  macs: 1,
  classes: 4,
  fingerprint: 'witness',
};

function features(images, stages) {
  note('teacher', { asked: 'features', shape: images.shape, stages });
  return stages.map((stage) => tf.avgPool(images, STRIDES[stage], STRIDES[stage], 'valid'));
}

/** Right about every image: its class is its index modulo 4. */
function logits(images) {
  note('teacher', { asked: 'logits', shape: images.shape });
  return tf.tidy(() => {
    const index = tf.reshape(tf.slice(images, [0, 0, 0, 0], [-1, 1, 1, 1]), [-1]);
    return tf.cast(tf.oneHot(tf.cast(tf.mod(index, 4), 'int32'), 4), 'float32');
  });
}

export default definePlugin({
  name: 'witness-teacher',
  description: 'Its features are the images, made smaller.',
  module: import.meta.url,
  options: {
    properties: {
      statistics: { description: 'Of its batch norms.', enum: ['running', 'batch'], default: 'running' },
    },
  },
  apply(run, { statistics }) {
    const teacher = { description, statistics, features, logits, dispose() {} };
    run.hooks.resolveTeacher.tap('witness-teacher', () => ({
      describe: async () => description,
      load: async () => teacher,
    }));
  },
});
