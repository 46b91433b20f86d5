import type { Latencies } from './latency-costs.js';
import type { LatencyTable } from './table/latency-table.js';
import { quantile } from './table/quantile.js';

/** What a table is of and what its prices are worth, as plain data. */
export function describeLatency(table: LatencyTable, { correction, judgement }: Latencies) {
  const { space, image, classes, runtime, machine, threads, batch, rounds, layers } = table;
  return {
    ...{ space, image, classes, runtime, machine, threads, batch, rounds },
    ...{ layers: layers.length, spread: layerSpread(table), correction },
    ...(judgement && { judgement }),
  };
}

/** Half the distance of the quartiles as a share of the median: the median layer's. */
export function layerSpread({ layers }: LatencyTable): number {
  const shares = layers.map(({ samples }) => {
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(samples, share));
    return middle! > 0 ? (high! - low!) / 2 / middle! : 0;
  });
  return quantile(shares, 0.5);
}
