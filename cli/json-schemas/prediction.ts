import { list, object, text, whole } from './builders.js';

/** Of `dna predict`. */
export const prediction = object({
  model: text('The model, as it was named.'),
  network: text('Name of the network in its run.'),
  images: list(
    object({
      file: text('The image’s file.'),
      classes: list(
        object(
          {
            class: whole('Its number in the order of the outputs.'),
            name: text('Its name; absent where nobody tells it.'),
            probability: { type: 'number', minimum: 0, maximum: 1, description: 'How likely it is.' },
          },
          ['name'],
        ),
        'The likeliest, best first.',
      ),
    }),
    'One an image that can be read.',
  ),
  damaged: list(
    object({ file: text('The image’s file.'), problem: text('Why it cannot be read.') }),
    'Images that cannot be read.',
  ),
});
