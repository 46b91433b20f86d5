import type { OptionsSchema } from 'dna-nas/core';

export interface SearchExactOptions {
  /** Upper limits of costs by name: `{ params: 5_288_548 }`. Also of costs that a space or plugin prices beside. */
  readonly limits: Readonly<Record<string, number>>;
  /** How many of the best networks are listed. */
  readonly top: number;
}

export const searchExactSchema: OptionsSchema<SearchExactOptions> = {
  properties: {
    limits: {
      description: 'Upper limits of costs by name: macs, params, or another cost that the space prices.',
      type: 'object',
      additionalProperties: { type: 'number', exclusiveMinimum: 0 },
      default: {},
    },
    top: {
      description: 'How many of the best networks are listed.',
      type: 'integer',
      minimum: 1,
      default: 10,
    },
  },
};
