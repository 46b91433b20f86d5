import { quantile as quantileOfSorted } from 'dna-nas/audit';

/** Linear between the two nearest of the values, in whatever order; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), share);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
