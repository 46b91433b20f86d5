/** The least of some values; 0 of none. */
export const least = (values: ArrayLike<number>) => reduce(values, Math.min);
/** The greatest of some values; 0 of none. */
export const greatest = (values: ArrayLike<number>) => reduce(values, Math.max);

/** A spread argument list would overflow the stack. */
function reduce(values: ArrayLike<number>, choose: (a: number, b: number) => number): number {
  let chosen = values[0] ?? 0;
  for (let at = 1; at < values.length; at++) chosen = choose(chosen, values[at]!);
  return chosen;
}

/** Values from 0 to 255 as bytes. */
export function base64(values: ArrayLike<number>): string {
  return Buffer.from(Uint8ClampedArray.from(values)).toString('base64');
}
