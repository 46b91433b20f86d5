/** Throws a `RangeError` unless `value` is a number from 0 to 1. */
export function requireProbability(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) {
    throw new RangeError(`${name}: a probability from 0 to 1 was expected, not ${value}.`);
  }
}

/** Throws a `RangeError` unless 0 < low ≤ high ≤ limit. */
export function requireRange(name: string, range: readonly [number, number], limit: number): void {
  const [low, high] = range;
  if (!(low > 0 && low <= high && high <= limit)) {
    const expected = limit === Number.POSITIVE_INFINITY ? 'above 0' : `above 0 and at most ${limit}`;
    throw new RangeError(`${name}: two rising numbers ${expected} were expected, not ${low} and ${high}.`);
  }
}
