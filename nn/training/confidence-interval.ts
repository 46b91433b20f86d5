/** Quantile of the normal distribution for 95 %. */
const Z = 1.959963984540054;

/** Wilson's 95 % confidence interval of a share, 0 to 1, that was measured on a number of independent images. */
export function confidenceInterval(share: number, images: number): [low: number, high: number] {
  if (!(share >= 0 && share <= 1) || !(images > 0)) {
    throw new RangeError(`A share of ${share} of ${images} images has no confidence interval.`);
  }
  const spread = (Z * Z) / images;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (Z * Math.sqrt((share * (1 - share) + spread / 4) / images)) / (1 + spread);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
