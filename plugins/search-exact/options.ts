import type { OptionsSchema } from 'dna-nas/core';

export interface SearchExactOptions {
  /** Upper limits of costs by name: `{ params: 5_288_548 }`. Also of costs that a space or plugin prices beside. */
  readonly limits: Readonly<Record<string, number>>;
  /** Table of latencies relative to the project, by which the space prices `latency` as well. */
  readonly latency?: string;
  /** How many of the best networks are listed. */
  readonly top: number;
}

export const searchExactSchema: OptionsSchema<SearchExactOptions> = {
  properties: {
    limits: {
      description:
        'Upper limits of costs by name: macs, params, latency by a table, or another cost that the space prices.',
      type: 'object',
      additionalProperties: { type: 'number', exclusiveMinimum: 0 },
      default: {},
    },
    latency: {
      description:
        'File of `dna latency measure`, relative to the project, by which networks are priced: latency, in milliseconds.',
      type: 'string',
      minLength: 1,
    },
    top: {
      description: 'How many of the best networks are listed.',
      type: 'integer',
      minimum: 1,
      default: 10,
    },
  },
};
