/** Maps a range of values to a range of pixels. */
export interface Scale {
  (value: number): number;
  readonly ticks: readonly number[];
}

/** Values that span more than this are shown by their logarithm. */
export const DECADES_FROM = 20;

/** Even steps, with about `wanted` ticks at round values. */
export function linearScale(
  values: readonly [number, number],
  pixels: readonly [number, number],
  wanted = 5,
): Scale {
  const [low, high] = values[0] === values[1] ? [values[0] - 0.5, values[1] + 0.5] : values;
  const scale = (value: number) => pixels[0] + ((value - low) / (high - low)) * (pixels[1] - pixels[0]);
  return Object.assign(scale, { ticks: roundTicks(low, high, wanted) });
}

/** Even ratios, for values above 0 that span decades; ticks at 1, 2 and 5 of each decade, thinned to about `wanted`. */
export function logarithmicScale(
  values: readonly [number, number],
  pixels: readonly [number, number],
  wanted = 5,
): Scale {
  const inner = linearScale([Math.log(values[0]), Math.log(values[1])], pixels);
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(values[0])); decade <= Math.log10(values[1]); decade++) {
    for (const step of [1, 2, 5]) {
      const tick = Number(`${step}e${decade}`);
      if (tick >= values[0] && tick <= values[1]) ticks.push(tick);
    }
  }
  const every = Math.max(1, Math.ceil(ticks.length / wanted));
  return Object.assign((value: number) => inner(Math.log(value)), {
    ticks: ticks.filter((_, i) => i % every === 0),
  });
}

function roundTicks(low: number, high: number, wanted: number): number[] {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks: number[] = [];
  // Products of whole numbers, not sums: 0.1 + 0.2 would drift.
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    ticks.push(Number((i * step).toPrecision(12)));
  }
  return ticks;
}
