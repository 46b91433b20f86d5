import { dataUnlabelled } from 'dna-nas/nn/images';
import {
  accuracyOf,
  type Prediction,
  type PredictionAccuracy,
  type PredictOptions,
  predictSplit,
} from 'dna-nas/nn/training';
import { otherClasses, otherImages } from './errors.js';
import type { Evaluation, Subject } from './evaluation.js';

/** What a network answered, and how much of it is right. */
export interface Measured {
  readonly accuracy: PredictionAccuracy;
  readonly predictions: readonly Prediction[];
}

/** Classifies the images of a split. @throws DnaError `EVALUATE_CLASSES`, `EVALUATE_IMAGES` */
export async function measure(
  subject: Subject,
  { dataset, answered }: Evaluation,
  options: PredictOptions,
): Promise<Measured> {
  const images = answered ?? dataset;
  const { split } = options;
  const { name, image, classes, size, labels } = images.description;
  if (labels === false && !answered)
    throw dataUnlabelled(name, 'accuracy is measured by', 'Name images with labels, or the run of a search.');
  if (subject.classes !== undefined && subject.classes !== classes)
    throw otherClasses({ name: subject.name, classes: subject.classes }, { name, classes });
  if (size[split] === 0) throw otherImages(subject.name, name, `its ${split} split has no images`);
  if (subject.image.channels !== image.channels) {
    const problem = `it takes ${subject.image.channels} channels, and they have ${image.channels}`;
    throw otherImages(subject.name, name, problem);
  }
  const classifier = await subject.load();
  try {
    const classify = classifier.classify.bind(classifier);
    const predictions = await predictSplit(classify, images, options);
    return { accuracy: accuracyOf(predictions, images.description), predictions };
  } finally {
    classifier.dispose();
  }
}
