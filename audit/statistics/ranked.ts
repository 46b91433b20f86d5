/** Values as orders see them: each one's place among the distinct values, and the places of all in order. */
export interface Ranked {
  /** Place of each value among the distinct ones, from 0, the smallest first; equal values share one. */
  readonly ranks: Int32Array;
  /** Indices of the values, rising by value. */
  readonly order: Int32Array;
  /** Number of distinct values. */
  readonly distinct: number;
}

/** How often each network counts; a bootstrap's resample is how often each was drawn. */
export type Weights = Int32Array;

/** Every network once. */
export function onceEach(networks: number): Weights {
  return new Int32Array(networks).fill(1);
}

/** Ranks finite values in O(n log n). */
export function rankValues(values: Float64Array): Ranked {
  const sorted = values.slice().sort();
  let distinct = 0;
  for (const value of sorted) {
    if (distinct === 0 || value !== sorted[distinct - 1]) sorted[distinct++] = value;
  }
  const ranks = new Int32Array(values.length);
  for (let i = 0; i < ranks.length; i++) ranks[i] = placeOf(values[i]!, sorted, distinct);
  return { ranks, order: orderOf(ranks, distinct), distinct };
}

/** Binary search among the first `distinct` values. */
function placeOf(value: number, sorted: Float64Array, distinct: number): number {
  let low = 0;
  let high = distinct - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counting sort. */
function orderOf(ranks: Int32Array, distinct: number): Int32Array {
  const starts = new Int32Array(distinct + 1);
  for (const rank of ranks) starts[rank + 1]!++;
  for (let rank = 0; rank < distinct; rank++) starts[rank + 1]! += starts[rank]!;
  const order = new Int32Array(ranks.length);
  for (let i = 0; i < ranks.length; i++) order[starts[ranks[i]!]!++] = i;
  return order;
}
