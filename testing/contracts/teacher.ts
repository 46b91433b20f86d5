import { randomStream } from 'dna-nas/core';
import type { Teacher, TeacherSource } from 'dna-nas/core/contracts';
import { tf } from 'dna-nas/nn';
import { type Check, demand } from '../check.js';
import { drawTensor, requireEqual, requireFinite, requireNoLeak, requireShape } from '../tensors.js';

/** A teacher: what it describes without a backend is what it puts out. */
export function teacherChecks(source: TeacherSource): Check[] {
  return [
    {
      name: 'describes itself without being loaded',
      fix: 'Give describe() the counts, the shapes of all stages, and the SHA-256 of the weights.',
      async run() {
        const { stages, params, macs, fingerprint } = await source.describe();
        demand(stages.length > 0, () => 'it has no stages');
        demand(params > 0 && macs > 0, () => `it has ${params} parameters and ${macs} multiply-adds`);
        demand(fingerprint.length >= 8, () => `its fingerprint is ${JSON.stringify(fingerprint)}`);
      },
    },
    {
      name: 'puts out features of the shapes that it describes',
      fix: 'Make describe() and features() agree; features are those after each stage, NHWC.',
      run: loaded(source, checkFeatures),
    },
    {
      name: 'goes on from its features, if it says so',
      fix: 'Give answer() for every stage with macsBehind: features → logits [n, classes]; or leave both away.',
      run: loaded(source, checkAnswers),
    },
    {
      name: 'gives what follows its features, if it says so',
      fix: 'Where trainableRest is described, give rest() for every stage with macsBehind: a copy that answers as answer() does; or leave both away.',
      run: loaded(source, checkRests),
    },
    {
      name: 'gives the same bits twice',
      fix: 'Run it as in evaluation: running statistics, no dropout.',
      run: loaded(source, (teacher, images) =>
        requireEqual('a logit', logitsOf(teacher, images), logitsOf(teacher, images)),
      ),
    },
    {
      name: 'leaves no tensor behind',
      fix: 'Wrap features and logits in tf.tidy, and free the weights in dispose().',
      run: () => requireNoLeak(() => loaded(source, (teacher, images) => void logitsOf(teacher, images))()),
    },
  ];
}

function loaded(source: TeacherSource, work: (teacher: Teacher, images: tf.Tensor4D) => void) {
  return async () => {
    const teacher = await source.load();
    const { height, width, channels } = teacher.description.input;
    const images = drawTensor(randomStream('images'), [2, height, width, channels]) as tf.Tensor4D;
    try {
      work(teacher, images);
    } finally {
      images.dispose();
      teacher.dispose();
    }
  };
}

function logitsOf(teacher: Teacher, images: tf.Tensor4D): ArrayLike<number> {
  return tf.tidy(() => teacher.logits(images).dataSync());
}

function checkFeatures(teacher: Teacher, images: tf.Tensor4D): void {
  tf.tidy(() => {
    const { stages } = teacher.description;
    const features = teacher.features(
      images,
      stages.map((_, index) => index),
    );
    demand(features.length === stages.length, () => `${features.length} maps for ${stages.length} stages`);
    for (const [index, { name, output }] of stages.entries()) {
      const { height, width, channels } = output;
      requireShape(`stage ${name}`, features[index]!.shape, [2, height, width, channels]);
      requireFinite(`stage ${name}`, features[index]!.dataSync());
    }
  });
}

function checkAnswers(teacher: Teacher, images: tf.Tensor4D): void {
  tf.tidy(() => {
    const { shape } = teacher.logits(images);
    for (const [index, { name, macsBehind }] of teacher.description.stages.entries()) {
      if (macsBehind === undefined) continue;
      demand(teacher.answer !== undefined, () => `stage ${name} tells macsBehind, and there is no answer()`);
      const [features] = teacher.features(images, [index]);
      for (const statistics of ['running', 'batch'] as const) {
        const answer = teacher.answer!(features!, index, statistics);
        requireShape(`the answer behind stage ${name}`, answer.shape, shape);
        requireFinite(`the answer behind stage ${name}`, answer.dataSync());
      }
    }
  });
}

function checkRests(teacher: Teacher, images: tf.Tensor4D): void {
  if (!teacher.description.trainableRest) return;
  demand(teacher.rest !== undefined, () => 'it describes trainableRest, and there is no rest()');
  for (const [index, { name, macsBehind }] of teacher.description.stages.entries()) {
    if (macsBehind === undefined) continue;
    const rest = teacher.rest!(index);
    tf.tidy(() => {
      const [features] = teacher.features(images, [index]);
      const expected = teacher.answer!(features!, index, 'running');
      const found = rest.forward(features!, { mode: 'evaluate' });
      requireShape(`the rest behind stage ${name}`, found.shape, expected.shape);
      const difference = tf.max(tf.abs(tf.sub(found, expected))).dataSync()[0]!;
      demand(difference < 1e-3, () => `the rest behind stage ${name} is ${difference} from the answer`);
    });
    rest.dispose();
  }
}
