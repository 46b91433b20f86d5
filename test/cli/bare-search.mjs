import { definePlugin } from 'dna-nas/core';

/** A search that only a run can ask. */
export default definePlugin({
  name: 'search-bare',
  description: 'Finds nothing.',
  module: import.meta.url,
  apply(run) {
    run.hooks.resolveSearch.tap('search-bare', () => ({ check() {}, search() {} }));
  },
});
