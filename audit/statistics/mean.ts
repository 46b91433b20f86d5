/** Of numbers; NaN of none. */
export function mean(values: readonly number[] | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Mean of one network's values, an array a training seed. */
export function meanOf(seeds: readonly Float64Array[], network: number): number {
  return seeds.reduce((sum, seed) => sum + seed[network]!, 0) / seeds.length;
}
