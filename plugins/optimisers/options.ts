import type { OptionSchema } from 'dna-nas/core';

/** How much of the direction before is kept. */
export const MOMENTUM = {
  description: 'Share of the previous direction that is kept.',
  type: 'number',
  minimum: 0,
  exclusiveMaximum: 1,
  default: 0.9,
} satisfies OptionSchema;

/** Weight decay as a part of the gradient. */
export const WEIGHT_DECAY = {
  description: 'Coupled weight decay: added to the gradient of parameters of two or more dimensions.',
  type: 'number',
  minimum: 0,
  default: 0,
} satisfies OptionSchema;
