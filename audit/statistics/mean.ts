/** Of numbers; NaN of none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean of one network's values, an array a training seed. */
export function meanOf(seeds: readonly Float64Array[], network: number): number {
  return seeds.reduce((sum, seed) => sum + seed[network]!, 0) / seeds.length;
}
