import { list, number, object, text, whole } from './builders.js';

const split = { enum: ['train', 'validation', 'test'], description: 'Where the images are.' };
/** Feature maps of teacher and student, of `dna report`. */
export const compared = object({
  split,
  images: list(
    object(
      {
        index: whole('In the split, from 0.'),
        name: text('Its file, where the data set has files.'),
        label: whole('Its class.'),
        className: text('Its name, where the data set knows one.'),
      },
      ['name', 'className'],
    ),
    'The images, in the order that they were asked for.',
  ),
  blocks: list(
    object({
      block: whole('Counted from 1.'),
      cell: whole('Of the found architecture, counted from 1.'),
      path: list(whole('An operation, from 0.'), 'Of the found architecture.'),
      shape: object({
        height: whole('Pixels.'),
        width: whole('Pixels.'),
        channels: whole("The teacher's."),
      }),
      error: number('Relative error over all images, mean|Y − Ŷ| / σ(Y).'),
      errors: list(number('Relative error.'), 'Of each image alone.'),
    }),
    'The blocks, in order.',
  ),
});
