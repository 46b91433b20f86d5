import { randomStream } from 'dna-nas/core';
import type { Dataset, Teacher } from 'dna-nas/core/contracts';
import { EVALUATE, tf } from 'dna-nas/nn';
import { ClassifierHead } from 'dna-nas/nn/layers';
import { rmspropTensorFlow } from 'dna-nas/nn/optimisers';
import { labelledByTeacher, teacherTargets } from 'dna-nas/nn/teacher';
import { ClassifierTrainer, drawMixingShare, measureAccuracy } from 'dna-nas/nn/training';
import { expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';

onCpu();

const IMAGE = { height: 2, width: 2, channels: 3 };
const FLOATS = 12;
const CLASSES = 3;
const images = (count: number) => {
  const stream = randomStream('images');
  return Float32Array.from({ length: count * FLOATS }, () => stream.normal());
};

/** Its logits are the means of the channels, of images of twice the side: as the data's are, so resizing changes none. */
function channelTeacher(seen: number[] = []): Teacher {
  return {
    description: { name: 'means', input: { height: 4, width: 4, channels: 3 }, classes: CLASSES },
    logits(batch: tf.Tensor4D) {
      seen.push(batch.shape[0]);
      return tf.mean(batch, [1, 2]) as tf.Tensor2D;
    },
  } as unknown as Teacher;
}

/** In float64, of one image's pixels. */
function means(pixels: Float32Array): number[] {
  return Array.from({ length: 3 }, (_, channel) =>
    [0, 1, 2, 3].reduce((sum, pixel) => sum + pixels[3 * pixel + channel]! / 4, 0),
  );
}

function softmax(values: readonly number[]): number[] {
  const powers = values.map(Math.exp);
  const sum = powers.reduce((all, one) => all + one, 0);
  return powers.map((one) => one / sum);
}

it.each([0, 0.4])('a step learns the teacher’s answers to the images as they are seen, mixup %d', (alpha) => {
  const network = new ClassifierHead({ inputChannels: 3, channels: 4, classes: CLASSES });
  network.initialise(randomStream('network'));
  const batch = { images: images(4), labels: new Int32Array(4) };
  const share = alpha === 0 ? 1 : drawMixingShare(alpha, randomStream('draws').fork(0, 'mixup'));
  const seen = Float32Array.from(batch.images, (value, at) => {
    const [image, pixel] = [Math.floor(at / FLOATS), at % FLOATS];
    return share * value + (1 - share) * batch.images[(3 - image) * FLOATS + pixel]!;
  });
  const logits = tf.tidy(() =>
    network.forward(tf.tensor4d(seen, [4, 2, 2, 3]), EVALUATE).dataSync(),
  ) as Float32Array;
  const expected = [0, 1, 2, 3].map((image) => {
    const wanted = softmax(means(seen.subarray(image * FLOATS, (image + 1) * FLOATS)));
    const shares = softmax(Array.from(logits.subarray(image * CLASSES, (image + 1) * CLASSES)));
    return -wanted.reduce((sum, one, at) => sum + one * Math.log(shares[at]!), 0);
  });
  const trainer = new ClassifierTrainer({
    network: network as never,
    optimiser: rmspropTensorFlow(),
    learningRate: () => 0.1,
    // Of labels, so that it must not count.
    labelSmoothing: 0.5,
    targets: teacherTargets(channelTeacher()),
    image: IMAGE,
    statistics: 'running',
    ...(alpha > 0 && { mixup: { alpha, classes: CLASSES } }),
    random: randomStream('draws'),
  });
  expect(trainer.train(batch)).toBeCloseTo(expected.reduce((sum, one) => sum + one, 0) / 4, 5);
  trainer.dispose();
  network.dispose();
});

it('images are labelled by the teacher’s first answer, each asked for once', async () => {
  const pixels = images(5);
  const of = (index: number) => pixels.subarray(index * FLOATS, (index + 1) * FLOATS);
  const dataset = {
    description: {
      image: IMAGE,
      classes: CLASSES,
      labels: false,
      size: { train: 0, validation: 0, test: 5 },
    },
    read: (_: string, indices: Uint32Array) => ({
      images: Float32Array.from(Array.from(indices).flatMap((index) => Array.from(of(index)))),
      labels: new Int32Array(indices.length),
    }),
  } as unknown as Dataset;
  const asked: number[] = [];
  const labelled = labelledByTeacher(dataset, channelTeacher(asked));
  const answers = [0, 1, 2, 3, 4].map((index) => {
    const values = means(of(index));
    return values.indexOf(Math.max(...values));
  });
  expect(new Set(answers).size).toBeGreaterThan(1);
  const read = async (indices: number[]) => Array.from((await labelled.read('test', indices)).labels);
  expect(await read([3, 1])).toEqual([answers[3], answers[1]]);
  // A network that always says 1 agrees where the teacher does.
  const ones = (batch: tf.Tensor4D) => tf.oneHot(tf.fill([batch.shape[0]], 1, 'int32'), 3) as tf.Tensor2D;
  const { top1 } = await measureAccuracy(ones, labelled, { split: 'test', batch: 2 });
  expect(top1).toBe(answers.filter((label) => label === 1).length / 5);
  expect(await read([4, 3, 2, 1, 0])).toEqual([...answers].reverse());
  expect(asked).toEqual([2, 2, 2, 1]);
});
