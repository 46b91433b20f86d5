import { list, object, text, whole } from './builders.js';

const share = (description: string) => ({ type: 'number', minimum: 0, maximum: 1, description });
const interval = (description: string) => ({
  ...list(share('An end.'), description),
  minItems: 2,
  maxItems: 2,
});
/** What is told only where there is something to tell. */
const UNSAID = ['warning', 'agreementWith', 'balanced', 'perClass'];
const measured = {
  name: text('The network.'),
  images: whole('Images that it was measured on.'),
  agreementWith: text('`teacher`: the data have no labels, and the right class is its first answer.'),
  top1: share('Share of which the likeliest class is the right one.'),
  top5: share('Share of which the right class is among the five likeliest.'),
  balanced: share('Mean over the classes of the share that is right, where classes are unbalanced.'),
  perClass: list(
    object({
      name: text('The class.'),
      images: whole('Its images.'),
      right: whole('Those that are right.'),
    }),
    'Every class that has images, where they are unbalanced.',
  ),
  top1Interval: interval('95 % confidence interval of top1.'),
  top5Interval: interval('95 % confidence interval of top5.'),
  params: whole('Its parameters.'),
  macs: whole('Its multiply-adds.'),
  warning: text('What takes the worth from these figures.'),
};
const predictions = list(
  object({
    file: text('The image’s file, or its number where it has none.'),
    label: whole('Its class.'),
    classes: list(whole('A class.'), 'The five likeliest, best first.'),
  }),
  'One an image.',
);

/** Of `dna evaluate`: one network with its predictions, or a run's networks. */
export const evaluation = {
  anyOf: [
    object({ ...measured, predictions }, UNSAID),
    object({
      run: text('Folder of the run, as it was named.'),
      networks: list(object(measured, UNSAID), 'The networks that it has retrained.'),
    }),
  ],
};
