// The benches of one kernel block and of the search tell their measurements; these are the figures that we promise.

/** Times of one MBConv6 k5 block as multiples of plain tfjs ops on the same backend. */
export function mbconvFigures({ milliseconds, largestDifference }) {
  const { A: plain, B: forward, C: both } = milliseconds;
  const detail = (time) => `${time.toFixed(0)} ms against ${plain.toFixed(0)} ms`;
  return [
    {
      what: 'MBConv6 k5 training, forward against plain tfjs forward',
      value: forward / plain,
      unit: '×',
      target: { most: 0.4 },
      detail: `${detail(forward)}; largest difference of an output ${largestDifference.toExponential(0)}`,
    },
    {
      what: 'MBConv6 k5 training, forward + backward against the same',
      value: both / plain,
      unit: '×',
      target: { most: 1.2 },
      detail: detail(both),
    },
  ];
}

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
