import { findings, list, number, object, text, tree, whole } from './builders.js';

const costs = {
  type: 'object',
  description: 'By cost (`params`, `macs`): the smallest and the greatest value that a network has.',
  additionalProperties: object({ least: number('The smallest.'), most: number('The greatest.') }),
};
const shape = object({ height: whole('Pixels.'), width: whole('Pixels.'), channels: whole('Channels.') });
const counted = { image: shape, classes: whole('Classes that are told apart.') };

const readingSpeed = (description: string) => ({
  ...object({
    images: number('Images a second, by the threads of one worker.'),
    coreSeconds: number('Processor seconds of an image.'),
  }),
  description,
});

/** Of `dna plan`. */
export const plan = object(
  {
    preset: { type: ['string', 'null'], description: 'The preset that it is based on.' },
    name: text('Name of the run that was looked over.'),
    sound: { type: 'boolean', description: 'Whether nothing is a problem.' },
    findings: findings('In the order of a run.'),
    space: object(
      {
        blocks: whole('Its blocks.'),
        cells: whole('Cells of all blocks.'),
        networks: number('Networks that it holds.'),
        costs,
      },
      ['costs'],
    ),
    stages: list(
      object(
        {
          stage: { enum: ['distill', 'rank', 'retrain'], description: 'The stage.' },
          description: text('What it does.'),
          steps: whole('Optimiser steps, or batches.'),
          stepsEach: whole('Optimiser steps of each network or cell.'),
          images: whole('Images that are read, each time counted.'),
          macs: number('Multiply-adds.'),
          activationBytes: number('Bytes of the feature maps that one training step keeps.'),
          hours: number('On this machine.'),
          bound: {
            enum: ['computing', 'reading', 'cores'],
            description: 'What takes these hours; cores: computing and reading together.',
          },
        },
        ['steps', 'stepsEach', 'images', 'activationBytes', 'hours', 'bound'],
      ),
      'Empty where data or teacher are not known.',
    ),
    speed: object(
      {
        workers: whole('Worker threads.'),
        training: number('Multiply-adds a second of all of them in training.'),
        forward: number('The same in forward passes.'),
        busyCores: number('Cores that one of them keeps busy in training.'),
        reading: object({
          plain: readingSpeed('Images as they are.'),
          distill: readingSpeed('Augmented as in distillation.'),
          retrain: readingSpeed('Augmented as in retraining.'),
        }),
      },
      ['reading'],
    ),
  },
  ['space', 'speed'],
);

/** Of `dna describe`. */
export const described = {
  anyOf: [
    object({
      text: text('The layers of the network that was named.'),
      ...counted,
      params: whole('Parameters.'),
      macs: whole('Multiply-adds of convolutions and linear layers.'),
      layers: list(
        object({
          name: text('What the names of its tensors begin with.'),
          text: text('What it is.'),
          output: shape,
          params: whole('Its parameters.'),
          macs: whole('Its multiply-adds.'),
        }),
        'Stem, layers, head.',
      ),
    }),
    object({
      name: text('Name of the search space.'),
      ...counted,
      blocks: list(tree('Stride, and cells: channels and the operations of each layer.'), 'Its blocks.'),
      networks: number('Networks that it holds.'),
      costs,
    }),
  ],
};
