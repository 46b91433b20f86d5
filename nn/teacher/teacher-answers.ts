import type { Batch, Dataset, Split, Teacher } from 'dna-nas/core/contracts';
import { resizeFeatures } from '../features/index.js';
import { argMax, softmax, type Tensor2D, type Tensor4D, tensor4d, tidy } from '../tensor.js';
import type { MeasurableImages } from '../training/index.js';

/** What a teacher makes of images as the data give them: [n, h, w, c] → logits [n, classes]. */
export function teacherLogits(teacher: Teacher): (images: Tensor4D) => Tensor2D {
  const { input } = teacher.description;
  return (images) => tidy(() => teacher.logits(resizeFeatures(images, input)));
}

/** What a network learns in place of labels (Hinton et al. 2015, at temperature 1): the teacher's probabilities. */
export function teacherTargets(teacher: Teacher): (images: Tensor4D) => Tensor2D {
  const logits = teacherLogits(teacher);
  return (images) => tidy(() => softmax(logits(images)));
}

const UNKNOWN = -1;

/**
 * A data set whose labels are the teacher's first answers, so that accuracies become agreement with it. Each image that
 * is not augmented is answered once.
 */
export function labelledByTeacher(dataset: Dataset, teacher: Teacher): MeasurableImages {
  const answers = new Map<Split, Int32Array>();
  const logits = teacherLogits(teacher);
  const answer = (images: Float32Array, count: number) =>
    tidy(() => {
      const { height, width, channels } = dataset.description.image;
      return argMax(logits(tensor4d(images, [count, height, width, channels])), 1).dataSync() as Int32Array;
    });
  return {
    description: dataset.description,
    ...(dataset.prefetch && { prefetch: dataset.prefetch.bind(dataset) }),
    async read(split, indices, options): Promise<Batch> {
      const { images } = await dataset.read(split, indices, options);
      const count = indices.length;
      if (options?.augment) return { images, labels: answer(images, count) };
      const { size } = dataset.description;
      const known = answers.get(split) ?? new Int32Array(size[split]).fill(UNKNOWN);
      answers.set(split, known);
      const wanted = Int32Array.from(indices);
      if (wanted.some((index) => known[index] === UNKNOWN))
        answer(images, count).forEach((label, place) => {
          known[wanted[place]!] = label;
        });
      return { images, labels: wanted.map((index) => known[index]!) };
    },
  };
}
