/**
 * The paper's distance of feature maps, in double precision: the mean of |target − y| divided by the target's standard
 * deviation (population, over all elements). Not finite where the target is constant.
 */
export function relativeError(y: ArrayLike<number>, target: ArrayLike<number>): number {
  const size = target.length;
  if (y.length !== size) {
    throw new RangeError(`relativeError: maps of one size were expected, not of ${y.length} and ${size}.`);
  }
  let [sum, absolute] = [0, 0];
  for (let at = 0; at < size; at++) {
    sum += target[at]!;
    absolute += Math.abs(target[at]! - y[at]!);
  }
  const mean = sum / size;
  let squares = 0;
  for (let at = 0; at < size; at++) squares += (target[at]! - mean) ** 2;
  return absolute / size / Math.sqrt(squares / size);
}
