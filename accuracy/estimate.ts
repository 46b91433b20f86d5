/** A mean with the half width of its 95 % interval, which a single value does not have. */
export interface Estimate {
  readonly mean: number;
  readonly half: number | null;
  readonly values: readonly number[];
}

/** Mean and 95 % interval by Student's t. @throws RangeError for no values. */
export function estimate(values: readonly number[]): Estimate {
  const count = values.length;
  if (count === 0) throw new RangeError('estimate needs at least one value.');
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, half: null, values };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { mean, half: studentT95(count - 1) * Math.sqrt(variance / count), values };
}

/** The t that a Student-distributed number with so many degrees of freedom passes, either way, in 5 of 100 cases. */
export function studentT95(degrees: number): number {
  let [low, high] = [0, 100];
  for (let round = 0; round < 100; round++) {
    const middle = (low + high) / 2;
    if (withinT(middle, degrees) < 0.95) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Probability of |T| ≤ t for whole degrees of freedom (Abramowitz and Stegun 26.7.3, 26.7.4). */
function withinT(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, square] = [Math.sin(angle), Math.cos(angle) ** 2];
  const odd = degrees % 2;
  let term = odd ? Math.cos(angle) : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let power = odd ? 3 : 2; power <= degrees - 2; power += 2) {
    term *= (square * (power - 1)) / power;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
