import { definePlugin } from 'dna-nas/core';
import { cutAt } from './cut-at.js';
import { matchStages } from './match-stages.js';

export interface PartitionResolutionOptions {
  /** Teacher stages (from 1) after which the blocks end; without it they are matched by resolution. */
  readonly cuts?: readonly number[];
}

/** Cuts teacher and student where they have the same resolution: the paper's six blocks for EfficientNets. */
export const partitionResolution = definePlugin<PartitionResolutionOptions>({
  name: 'partition-resolution',
  module: 'dna-nas/plugins/partition-resolution',
  export: 'partitionResolution',
  description: 'Cuts teacher and student into blocks where both have the same resolution.',
  options: {
    properties: {
      cuts: {
        description: 'Teacher stages, counted from 1, after which the blocks end; overrides the matching.',
        type: 'array',
        items: { type: 'integer', minimum: 1 },
        minItems: 1,
      },
    },
  },
  apply(run, { cuts }) {
    run.hooks.resolvePartition.tap(
      'partition-resolution',
      () => (request) => cutAt(request, cuts ? cuts.map((stage) => stage - 1) : matchStages(request)),
    );
  },
});
