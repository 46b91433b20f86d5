import type { Architecture, CellChoice, FeatureShape, SearchSpace } from 'dna-nas/core/contracts';
import type { FurtherCosts } from 'dna-nas/core/space';
import type { CountedSpace } from 'dna-nas/core/stages';
import { unknownLayer } from './errors.js';
import { emptyCall } from './space/empty-call.js';
import { computesNothing, headRow, layersOfChoice, type SpaceLayer } from './space/list-layers.js';
import { type Correction, correct, type Judgement } from './table/correction.js';
import { type LatencyTable, layerKey } from './table/latency-table.js';
import { median } from './table/quantile.js';
import { readFinishedTable } from './table/read-table.js';

/** A table as prices of networks, in milliseconds. */
export interface Latencies {
  readonly correction: Correction;
  /** Absent where no more networks were measured than the correction is fitted on. */
  readonly judgement?: Judgement;
  /** For `addCosts`: the cost `latency`, whose sum over blocks and head is what a network takes. */
  readonly costs: FurtherCosts;
}

/** Cost that a table adds. */
export const LATENCY = 'latency';

/** Reads a finished table for a space. @throws DnaError `LATENCY_LAYER` where it is of another space or image */
export function latenciesOf(table: LatencyTable, counted: CountedSpace, file: string): Latencies {
  const sums = new LayerSums(table, counted, file);
  const networks = table.networks.map(({ architecture }) =>
    sums.ofNetwork(counted.space.parseArchitecture(architecture)),
  );
  const { correction, judgement } = correct(table.networks, networks);
  const { constant, factor } = correction;
  return {
    correction,
    ...(judgement && { judgement }),
    costs: {
      priceBlock: (block, choice, input) => ({
        [LATENCY]: factor * sums.ofBlock(block, choice, input),
      }),
      priceHead: (input, classes) => ({
        [LATENCY]: constant + factor * sums.ofHead(input, classes),
      }),
    },
  };
}

/**
 * The same for a space alone, counted on image and classes of the table. The file is read when the first price is asked
 * for, so that whoever prices nothing does without it.
 * @throws DnaError `LATENCY_TABLE`, `LATENCY_UNFINISHED` and `LATENCY_LAYER`, at the first price
 */
export function latencyCosts(space: SearchSpace, file: string, shown = file): FurtherCosts {
  let known: FurtherCosts | undefined;
  const read = () => {
    const table = readFinishedTable(file, shown);
    const [height, width, channels] = table.image;
    const data = { image: { height, width, channels }, classes: table.classes };
    return latenciesOf(table, { space, data }, shown).costs;
  };
  const costs = () => {
    known ??= read();
    return known;
  };
  return {
    priceBlock: (...of) => costs().priceBlock(...of),
    priceHead: (...of) => costs().priceHead!(...of),
  };
}

/** Sums of the medians of layers, less what their calls take. */
class LayerSums {
  readonly #times: ReadonlyMap<string, number>;
  readonly #counted: CountedSpace;
  readonly #file: string;
  readonly #known = new Map<string, SpaceLayer>();
  readonly #timeOf = new Map<SpaceLayer, number>();

  constructor({ layers }: LatencyTable, counted: CountedSpace, file: string) {
    const times = new Map(layers.map((row) => [layerKey(row), median(row.samples)]));
    const call = times.get(layerKey(emptyCall())) ?? 0;
    this.#times = new Map([...times].map(([key, time]) => [key, Math.max(0, time - call)]));
    this.#counted = counted;
    this.#file = file;
  }

  ofBlock(block: number, choice: CellChoice, input: FeatureShape): number {
    const place = { space: this.#counted.space, block, input, known: this.#known };
    return layersOfChoice(place, choice).reduce((sum, layer) => sum + this.#time(layer), 0);
  }

  ofHead(input: FeatureShape, classes: number): number {
    const { space, data } = this.#counted;
    return this.#find(headRow({ space, data: { ...data, classes } }, input));
  }

  ofNetwork(architecture: Architecture): number {
    const { space, data } = this.#counted;
    let input = data.image;
    let sum = 0;
    for (const [block, choice] of architecture.entries()) {
      sum += this.ofBlock(block, choice, input);
      input = space.priceBlock(block, choice, input).output;
    }
    return sum + this.ofHead(input, data.classes);
  }

  #time(layer: SpaceLayer): number {
    const known = this.#timeOf.get(layer);
    if (known !== undefined) return known;
    const time = computesNothing(layer) ? 0 : this.#find(layer);
    this.#timeOf.set(layer, time);
    return time;
  }

  #find(layer: Omit<SpaceLayer, 'create'>): number {
    const key = layerKey(layer);
    const time = this.#times.get(key);
    if (time === undefined) throw unknownLayer(this.#file, key);
    return time;
  }
}
