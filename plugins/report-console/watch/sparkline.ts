const BARS = '▁▂▃▄▅▆▇█';

/** Values as bars of eight heights, the lowest value the lowest bar; means of neighbours where there are too many. */
export function sparkline(values: readonly number[], width: number): string {
  const means = Array.from({ length: Math.min(width, values.length) }, (_, at) => {
    const [from, to] = [at, at + 1].map((edge) =>
      Math.round((edge * values.length) / Math.min(width, values.length)),
    );
    const part = values.slice(from, to);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  // Losses fall by orders of magnitude: as long as they are positive, equal ratios are equal heights.
  const heights = means.every((value) => value > 0) ? means.map(Math.log) : means;
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const bar = (height: number) => Math.round(((height - low) / (high - low || 1)) * (BARS.length - 1));
  return heights.map((height) => BARS[bar(height)]).join('');
}
