/** Standard deviations on either side that hold 95 % of a normal distribution. */
export const DEVIATIONS_95 = 1.959963984540054;

/**
 * The 95 % confidence interval of a share of which `hits` of `trials` were seen, after Wilson (1927): it stays within
 * 0 and 1 and holds for small numbers too. Throws where there are no trials.
 */
export function wilsonInterval(hits: number, trials: number): readonly [low: number, high: number] {
  if (!(trials > 0 && hits >= 0 && hits <= trials)) {
    throw new RangeError(`wilsonInterval: ${hits} of ${trials} is no share.`);
  }
  const share = hits / trials;
  const z2 = DEVIATIONS_95 ** 2;
  const centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const spread =
    (DEVIATIONS_95 / (1 + z2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials ** 2));
  return [hits === 0 ? 0 : centre - spread, hits === trials ? 1 : centre + spread];
}
