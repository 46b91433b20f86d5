import { findings, list, number, object, text, whole } from './builders.js';

const splits = object({
  train: whole('Training images.'),
  validation: whole('Validation images.'),
  test: whole('Test images.'),
});

/** Of `dna data check`. */
export const dataCheck = object({
  name: text('Name of the data set.'),
  size: splits,
  sound: { type: 'boolean', description: 'Whether nothing is a problem.' },
  findings: findings('What was looked at.'),
  classes: {
    type: 'object',
    description: 'Images of each class in each split, by the class.',
    additionalProperties: splits,
  },
  damaged: list(
    object({ file: text('The image.'), damage: text('Why it cannot be read.') }),
    'Images that cannot be read.',
  ),
  duplicates: list(
    object({
      files: list(text('An image.'), 'Images of the same content.'),
      splits: list(text('A split.'), 'The splits that they are in.'),
      contradictory: { type: 'boolean', description: 'Whether they are said to be of different classes.' },
    }),
    'Images that are there more than once.',
  ),
  imagesPerSecond: number('Images that were read and decoded a second.'),
});
