import type { JsonObject, OptionsSchema } from 'dna-nas/core';
import { ARCHITECTURE_SCHEMA, type CustomArchitecture } from '../architecture-schema.js';
import type { FittingRecipe, PlainRecipe } from './recipe.js';

/** Options of `dna teacher train`. */
export interface TrainCommandOptions extends PlainRecipe, Partial<FittingRecipe> {
  /** Weights to begin with; without them they are drawn. */
  readonly from?: string;
  readonly data: string;
  readonly dataOptions: JsonObject;
  readonly backend: string;
  /** @default the network of `from`, else the quickstart's teacher */
  readonly architecture?: string | CustomArchitecture;
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
    from: {
      description:
        'Weights to begin with, as teacher.weights takes them: a file, pretrained, hf:OWNER/NAME. Their classifier is replaced by one of the data’s classes.',
      type: 'string',
      minLength: 1,
    },
    data: {
      description: 'Data plugin: a name (idx, imagenet, synthetic) or a file. It has to be said.',
      type: 'string',
      minLength: 1,
    },
    dataOptions: {
      description: 'Options of the data plugin.',
      type: 'object',
      default: { augment: { flip: 0.5, shift: 1 } },
    },
    backend: { description: 'Backend plugin.', type: 'string', default: 'wasm' },
    architecture: {
      description:
        'A published network’s name, or a network of your own. Default: what the weights of --from say, else the quickstart’s teacher.',
      ...ARCHITECTURE_SCHEMA,
    },
    frozenSteps: {
      description:
        'With --from, steps of the classifier alone, on features of the frozen rest that are computed once. Default: 1000.',
      type: 'integer',
      minimum: 0,
    },
    epochs: {
      description:
        'Times each training image is seen. Default: 10; with --from what makes 1200 steps, 3 to 30.',
      type: 'integer',
      minimum: 1,
    },
    batch: { description: 'Images a step. Default: 128; with --from 32.', type: 'integer', minimum: 2 },
    learningRate: {
      description:
        'Highest learning rate; it falls to 0 along half a cosine wave. Default: 0.2; with --from 0.005.',
      type: 'number',
      exclusiveMinimum: 0,
    },
    warmUpEpochs: {
      description: 'Epochs in which the rate rises from 0. Default: 1.',
      type: 'number',
      minimum: 0,
    },
    layerDecay: {
      description:
        'Rate of a stage as a share of that of the stage behind it, so that early layers change least. Default: 1, the same for all; with --from 0.75.',
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
    },
    statistics: {
      description:
        'By what batch norms normalise in training: `batch`, the batch’s statistics, or `running`, those that they came with, which then stay; few images are too few for new ones. Default: batch; with --from running.',
      enum: ['batch', 'running'],
    },
    movingAverage: {
      description:
        'Share of the moving average of all weights that stays at each step; 0: none is kept. Default: 0; with --from 0.99.',
      ...RATE,
    },
    patience: {
      description:
        'Epochs without a better accuracy on the held-out images after which the training ends with its best weights; 0: it never does. Default: 0; with --from 5, where images are held out.',
      type: 'integer',
      minimum: 0,
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
