import type { OptionSchema } from 'dna-nas/core';
import type { OffPath } from 'dna-nas/core/contracts';

/** Options that every distillation has. */
export interface DistillOptions {
  /** Passes over the training images; a fraction is allowed. */
  readonly epochs: number;
  /** Images of one optimiser step. */
  readonly batch: number;
  /** Images of one path's share; with it `batch` is `microBatch` × `pathsPerStep`. */
  readonly microBatch?: number;
  /** Paths drawn in one step, each on its own share of the batch; the gradients are averaged. */
  readonly pathsPerStep: number;
  /** What becomes of parameters that no path of a step uses. */
  readonly offPath: OffPath;
  /** `joint`: one teacher pass feeds all blocks; `per-block`: one block after the other. @default 'joint' */
  readonly schedule?: 'joint' | 'per-block';
  /** Whether training images are augmented. */
  readonly augment: boolean;
  /** Factor on the learning rate of each block; missing ones are 1. */
  readonly learningRateFactors: readonly number[];
}

/** Schemas of the options that every distillation has, beside what is its own. */
export const distillOptions: Readonly<Record<Exclude<keyof DistillOptions, 'schedule'>, OptionSchema>> = {
  epochs: {
    description: 'Passes over the training images; a fraction is allowed.',
    type: 'number',
    exclusiveMinimum: 0,
    default: 20,
  },
  batch: { description: 'Images of one optimiser step.', type: 'integer', minimum: 1, default: 64 },
  microBatch: {
    description: 'Images of one path’s share; with it, batch is microBatch × pathsPerStep.',
    type: 'integer',
    minimum: 1,
  },
  pathsPerStep: {
    description: 'Paths drawn in one step, each on its own share of the batch; the gradients are averaged.',
    type: 'integer',
    minimum: 1,
    default: 1,
  },
  offPath: {
    description:
      'Parameters that no path of a step uses stay as they are (still), or are moved on by the optimiser’s moments ' +
      'and weight decay, as by gradients of zero (momentum).',
    enum: ['still', 'momentum'],
    default: 'still',
  },
  augment: { description: 'Whether training images are augmented.', type: 'boolean', default: true },
  learningRateFactors: {
    description: 'Factor on the learning rate of each block; missing ones are 1.',
    type: 'array',
    items: { type: 'number', exclusiveMinimum: 0 },
    default: [],
  },
};

/** The options with the batch that they come to. */
export function withBatch<Options extends DistillOptions>(options: Options): Options {
  const { microBatch, pathsPerStep } = options;
  return microBatch === undefined ? options : { ...options, batch: microBatch * pathsPerStep };
}
