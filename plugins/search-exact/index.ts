import { definePlugin } from 'dna-nas/core';
import { exactSearch } from './exact-search.js';
import { type SearchExactOptions, searchExactSchema } from './options.js';
import { priceLatency } from './price-latency.js';

export * from './solver.js';
export type { SearchExactOptions };

/** Finds the best network of the whole space under any number of limits, exactly. */
export const searchExact = definePlugin<SearchExactOptions>({
  name: 'search-exact',
  description: 'Finds the best network under limits exactly, the next best ones and the Pareto front.',
  module: 'dna-nas/plugins/search-exact',
  export: 'searchExact',
  options: searchExactSchema,
  apply(run, options) {
    run.hooks.resolveSearch.tap('search-exact', () => exactSearch(run, options));
    if (options.latency !== undefined) priceLatency(run, options.latency);
  },
});
