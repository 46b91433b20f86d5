import { list, number, object, text, tree, whole } from './parts.js';

const shape = object({ height: whole('Rows.'), width: whole('Columns.'), channels: whole('Channels.') });
const ranges = tree('Least and most of each cost, by its name.');
const network = object({
  text: text('Its layers in one line.'),
  image: shape,
  classes: whole('Classes.'),
  params: whole('Parameters.'),
  macs: whole('Multiply-adds on one image.'),
  layers: list(
    object({
      name: text("What its tensors' names begin with."),
      text: text('What it is.'),
      output: shape,
      params: whole('Parameters.'),
      macs: whole('Multiply-adds on one image.'),
    }),
    'Layer by layer.',
  ),
});
const space = object({
  name: text('Its name.'),
  image: shape,
  classes: whole('Classes.'),
  blocks: list(tree('Stride, and cells with channels and the operations of each layer.'), 'Its blocks.'),
  networks: number('How many networks it has.'),
  costs: ranges,
});
const plannedStage = object(
  {
    stage: text('Its name.'),
    description: text('What it does.'),
    steps: number('Optimiser steps.'),
    images: number('Images read.'),
    macs: number('Multiply-adds.'),
    activationBytes: number('Bytes of feature maps in a step.'),
    hours: number('On this machine, at the measured speed.'),
  },
  ['steps', 'images', 'activationBytes', 'hours'],
);
/** Of `dna plan`. */
export const plan = object(
  {
    preset: { type: ['string', 'null'], description: 'The preset that it is based on.' },
    name: text('Name of the run.'),
    sound: { type: 'boolean', description: 'Whether nothing stands in the way.' },
    findings: list(
      object(
        {
          check: text('What was looked at.'),
          verdict: { enum: ['ok', 'problem', 'unknown'], description: 'unknown: it could not be looked at.' },
          text: text('What was found.'),
          fix: text('What to do.'),
        },
        ['fix'],
      ),
      'All checks, in order.',
    ),
    space: object(
      { blocks: whole('Blocks.'), cells: whole('Cells.'), networks: number('Networks.'), costs: ranges },
      ['costs'],
    ),
    stages: list(plannedStage, 'Stages with tasks; empty where data or teacher are not known.'),
    speed: object({
      workers: whole('Worker threads.'),
      training: number('Multiply-adds a second, forward and backward.'),
      forward: number('Multiply-adds a second of forward passes.'),
    }),
  },
  ['space', 'speed'],
);

/** Of `dna describe`. */
export const described = {
  anyOf: [network, space],
  description: 'A network with --architecture, else the space.',
};

const accuracy = {
  name: text('The network.'),
  images: whole('Images measured.'),
  top1: number('Share classified rightly, 0 to 1.'),
  top1Interval: list({ type: 'number' }, 'Ends of its 95 % confidence interval.'),
  top5: number('Share with the right class among the first five.'),
  top5Interval: list({ type: 'number' }, 'Ends of its 95 % confidence interval.'),
  params: whole('Parameters.'),
  macs: whole('Multiply-adds on one image.'),
  warning: text('What should be known about it.'),
};

/** Of `dna evaluate`. */
export const evaluation = {
  anyOf: [
    object({
      run: text("The run's folder."),
      networks: list(object(accuracy, ['warning']), 'Its networks.'),
    }),
    object(
      {
        ...accuracy,
        predictions: list(
          object({
            file: text('Name of the image, or its number.'),
            label: whole('Its class.'),
            classes: list({ type: 'integer' }, 'Classes that the network takes it for, likeliest first.'),
          }),
          'Image by image.',
        ),
      },
      ['warning'],
    ),
  ],
  description: "A run's networks, or one network with its predictions.",
};
