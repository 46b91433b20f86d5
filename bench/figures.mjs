// The bench of the search tells its measurements; this is the figure that we promise.

/** What `search.mjs` calls the case of the promise. */
export const TWO_LIMITS = 'optimum, macs and params';

/** Time of the exact search on the paper's space under two limits, the slowest of all random ratings. */
export function searchFigures({ results, limits }) {
  const found = results.filter(({ name }) => name === TWO_LIMITS);
  const slowest = Math.max(...found.map(({ most }) => most));
  const medians = found.map((result) => `${result.median.toFixed(1)} ms (${result.model})`);
  return [
    {
      what: "exact search, the paper's 16 cells, two limits: slowest",
      value: slowest,
      unit: 'ms',
      target: { most: 100 },
      detail: `limits ${limits.join(' multiply-adds and ')} parameters; medians ${medians.join(', ')}`,
    },
  ];
}
