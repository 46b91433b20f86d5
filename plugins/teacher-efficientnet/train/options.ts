import type { JsonObject, OptionsSchema } from 'dna-nas/core';
import { ARCHITECTURE_SCHEMA, type CustomArchitecture } from '../architecture-schema.js';
import type { TrainRecipe } from './train-teacher.js';

/** Options of `dna teacher train`. */
export interface TrainCommandOptions extends TrainRecipe {
  readonly data: string;
  readonly dataOptions: JsonObject;
  readonly backend: string;
  readonly architecture: string | CustomArchitecture;
  readonly dropout: number;
  readonly dropConnect: number;
  readonly out: string;
  readonly force: boolean;
  readonly checkpointSeconds: number;
}

/**
 * The quickstart's teacher: 28×28 grey images, features of 14×14, 7×7, 7×7 and 4×4. Its stages are deeper than the
 * student's cells, so that depth pays in imitating them.
 */
export const SMALL_TEACHER: CustomArchitecture & JsonObject = {
  name: 'small EfficientNet',
  stem: 16,
  stages: [
    'ds_r1_k3_s1_e1_c16_se0.25',
    'ir_r2_k3_s2_e4_c24_se0.25',
    'ir_r3_k5_s1_e4_c40_se0.25',
    'ir_r3_k5_s2_e4_c80_se0.25',
  ],
  head: 256,
};

const RATE = { type: 'number', minimum: 0, exclusiveMaximum: 1 };

export const TRAIN_OPTIONS = {
  properties: {
    data: { description: 'Data plugin: a name (idx, synthetic) or a file.', type: 'string', default: 'idx' },
    dataOptions: {
      description: 'Options of the data plugin.',
      type: 'object',
      default: { augment: { flip: 0.5, shift: 1 } },
    },
    backend: { description: 'Backend plugin.', type: 'string', default: 'wasm' },
    architecture: {
      description: 'A published network’s name, or a network of your own.',
      ...ARCHITECTURE_SCHEMA,
      default: SMALL_TEACHER,
    },
    epochs: { description: 'Times each training image is seen.', type: 'integer', minimum: 1, default: 10 },
    batch: { description: 'Images a step.', type: 'integer', minimum: 2, default: 128 },
    learningRate: {
      description: 'Highest learning rate; it falls to 0 along half a cosine wave.',
      type: 'number',
      exclusiveMinimum: 0,
      default: 0.2,
    },
    warmUpEpochs: {
      description: 'Epochs in which the rate rises from 0.',
      type: 'number',
      minimum: 0,
      default: 1,
    },
    momentum: {
      description: 'Share of the previous direction that is kept (Nesterov).',
      ...RATE,
      default: 0.9,
    },
    weightDecay: {
      description: 'Added to the gradient of filters and matrices.',
      type: 'number',
      minimum: 0,
      default: 1e-4,
    },
    labelSmoothing: { description: 'Share of a label that goes to all classes.', ...RATE, default: 0.1 },
    dropout: { description: 'Of the classifier’s features.', ...RATE, default: 0 },
    dropConnect: { description: 'Of the last residual branch; earlier ones less.', ...RATE, default: 0 },
    seed: { description: 'Seed of weights, order and augmentation.', type: 'integer', default: 1 },
    out: {
      description: 'Safetensors file to write, relative to the project.',
      kind: 'machine',
      type: 'string',
      default: 'teacher.safetensors',
    },
    force: {
      description: 'Write over a file that is there.',
      kind: 'machine',
      type: 'boolean',
      default: false,
    },
    checkpointSeconds: {
      description: 'Seconds between two savings of the unfinished training, in a file beside the other.',
      kind: 'machine',
      type: 'number',
      exclusiveMinimum: 0,
      default: 60,
    },
  },
} satisfies OptionsSchema;
