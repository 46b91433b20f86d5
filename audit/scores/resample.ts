import type { RandomStream } from 'dna-nas/core';
import type { Weights } from '../statistics/index.js';
import type { Measurement, Measures } from './measures.js';
import type { Scores } from './scores.js';

/** Values of each measure, one a resample; NaN where it was not measured or has none. */
export type Replicates = ReadonlyMap<string, Float64Array>;

/** As many networks as there are, drawn from them with replacement, again and again. */
export function resampleNetworks(
  measurement: Measurement,
  { networks, resamples, random }: Draws,
): Replicates {
  const compared = measurement.sizeMatchedResamples(resamples);
  return collect(resamples, (index) =>
    measurement.resampled(drawWeights(networks, random.fork(index)), { matched: index < compared }),
  );
}

interface Draws {
  readonly networks: number;
  readonly resamples: number;
  readonly random: RandomStream;
}

function drawWeights(networks: number, random: RandomStream): Weights {
  const weights = new Int32Array(networks);
  for (let draw = 0; draw < networks; draw++) weights[random.integer(networks)]!++;
  return weights;
}

/** As many training seeds as there are, drawn for each network with replacement, again and again. */
export function resampleSeeds(
  measurement: Measurement,
  { seeds, resamples, random }: Pick<Scores, 'seeds'> & Omit<Draws, 'networks'>,
): Replicates {
  const compared = measurement.sizeMatchedResamples(resamples);
  return collect(resamples, (index) => {
    const drawn = random.fork(index);
    const accuracy = seeds[0]!.map((_, network) => {
      let sum = 0;
      for (let draw = 0; draw < seeds.length; draw++) sum += seeds[drawn.integer(seeds.length)]![network]!;
      return sum / seeds.length;
    });
    return measurement.reseeded(accuracy, { matched: index < compared });
  });
}

function collect(resamples: number, measure: (index: number) => Measures): Replicates {
  const replicates = new Map<string, Float64Array>();
  for (let index = 0; index < resamples; index++) {
    for (const [name, value] of measure(index)) {
      let values = replicates.get(name);
      if (!values) {
        values = new Float64Array(resamples).fill(Number.NaN);
        replicates.set(name, values);
      }
      values[index] = value;
    }
  }
  return replicates;
}
