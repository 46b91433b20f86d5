/** Rounding down may lose a tenth of the channels at most. */
const LARGEST_LOSS = 0.9;

/** The multiple of `divisor` that is next to a number of channels, not below `divisor`; timm's `make_divisible`. */
export function makeDivisible(channels: number, divisor: number): number {
  const rounded = Math.max(divisor, Math.floor((channels + divisor / 2) / divisor) * divisor);
  return rounded < LARGEST_LOSS * channels ? rounded + divisor : rounded;
}
