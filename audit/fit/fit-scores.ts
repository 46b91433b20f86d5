import { type RandomStream, randomStream } from 'dna-nas/core';
import type { Scores } from '../scores/scores.js';
import {
  type Interval,
  kendallTau,
  mean,
  percentileInterval,
  rankValues,
  SAME_SIZE,
  SizeMatchedPairs,
} from '../statistics/index.js';
import type { Columns } from './evidence.js';
import { fitColumns, fitRatings, weightedSums } from './fit-ratings.js';
import { shapesOf } from './shapes.js';

/**
 * What is fitted: the blocks' ratings, with the networks' operations where these are known; the operations alone; or
 * sizes alone. The last two tell what is there without any rating.
 */
export type FittedName = 'rating' | 'operations' | 'sizes';

/** How well a weighted sum orders the networks that its weights were not fitted to. */
export interface Fit {
  /** Trained networks that the weights are fitted to, each with one training. */
  readonly networks: number;
  readonly predictors: { readonly [Name in FittedName]?: FittedTau } & {
    readonly rating: FittedTau;
    readonly sizes: FittedTau;
  };
  /** Times that the networks were drawn. */
  readonly draws: number;
}

export interface FittedTau {
  /** Tau-b with the accuracy of the networks left, the mean over the draws. */
  readonly kendallTau: number;
  /** Where 95 % of the draws lie: what one who trains so many networks gets. */
  readonly interval: Interval;
  /** Tau-a of the pairs left whose multiply-adds are nearly equal, the mean; null where there are none. */
  readonly sizeMatchedTau: number | null;
}

export interface FitOptions {
  /** Numbers of networks to fit to. */
  readonly networks: readonly number[];
  /** @default 200 */
  readonly draws?: number;
  /** @default 0 */
  readonly seed?: number;
}

const DRAWS = 200;

/** What a few trained networks are worth: the rating is fitted to them (`fitRatings`), and orders all others. */
export function fitScores(scores: Scores, { networks, draws = DRAWS, seed = 0 }: FitOptions): Fit[] {
  const random = randomStream(seed).fork('fit');
  const models = modelsOf(scores);
  return networks.map((count) => {
    const taus = new Map(models.map(({ name }) => [name, [] as Ordered[]]));
    for (let draw = 0; draw < draws; draw++) {
      const trained = drawTrainings(scores, count, random.fork(count, draw));
      const others = new Others(scores, trained.rows);
      for (const { name, fit } of models) taus.get(name)!.push(others.order(fit(trained)));
    }
    const predictors = Object.fromEntries([...taus].map(([name, all]) => [name, summary(all)]));
    return { networks: count, predictors: predictors as unknown as Fit['predictors'], draws };
  });
}

/** Networks, and what one training of each reached. */
interface Trained {
  readonly rows: Int32Array;
  readonly accuracy: Float64Array;
}

interface Model {
  readonly name: FittedName;
  /** A score of every network, higher is better; undefined where the networks tell nothing. */
  fit(trained: Trained): Float64Array | undefined;
}

function modelsOf({ blocks, operations = [], costs, rating }: Scores): Model[] {
  if (!blocks)
    throw new RangeError('Weights are fitted to the ratings of blocks, and these scores have none.');
  const rows = rating.length;
  const shapes = shapesOf(blocks).map((shape) =>
    blocks.map((block, index) => block.map((value) => shape(value, index))),
  );
  const ratings: Model = {
    name: 'rating',
    fit({ rows: trained, accuracy }) {
      const given = shapes.map((columns) => pick(columns, trained));
      const weights = fitRatings({ shapes: given, operations: pick(operations, trained) }, accuracy);
      if (!weights) return undefined;
      const all = [...shapes.flat(), ...operations];
      return weightedSums(all, concat([...weights.shapes, weights.operations]), rows);
    },
  };
  const alone = (name: 'operations' | 'sizes', columns: Columns): Model => ({
    name,
    fit({ rows: trained, accuracy }) {
      const weights = fitColumns(pick(columns, trained), accuracy, name);
      return weights && weightedSums(columns, weights, rows);
    },
  });
  const { macs, depth } = costs;
  return [
    ratings,
    ...(operations.length > 0 ? [alone('operations', operations)] : []),
    alone('sizes', depth ? [macs, depth] : [macs]),
  ];
}

function drawTrainings({ accuracy, seeds }: Scores, count: number, random: RandomStream): Trained {
  const rows = Int32Array.from(random.permutation(accuracy.length).slice(0, count));
  const training = () => (seeds.length > 0 ? seeds[random.integer(seeds.length)]! : accuracy);
  return { rows, accuracy: Float64Array.from(rows, (row) => training()[row]!) };
}

interface Ordered {
  readonly tau: number;
  readonly sizeMatched: number;
}

/** The networks that were not fitted to. */
class Others {
  readonly #rows: Int32Array;
  readonly #accuracy: ReturnType<typeof rankValues>;
  readonly #matched: SizeMatchedPairs;

  constructor({ accuracy, costs }: Scores, trained: Int32Array) {
    const known = new Set(trained);
    this.#rows = Int32Array.from(accuracy.keys()).filter((row) => !known.has(row));
    this.#accuracy = rankValues(this.#of(accuracy));
    this.#matched = new SizeMatchedPairs(this.#of(costs.macs), SAME_SIZE);
  }

  /** What orders nothing has a tau of 0. */
  order(scores: Float64Array | undefined): Ordered {
    if (!scores) return { tau: 0, sizeMatched: 0 };
    const ranked = rankValues(this.#of(scores));
    const tau = kendallTau(ranked, this.#accuracy);
    return {
      tau: Number.isFinite(tau) ? tau : 0,
      sizeMatched: this.#matched.tau(ranked, this.#accuracy),
    };
  }

  #of(values: Float64Array): Float64Array {
    return Float64Array.from(this.#rows, (row) => values[row]!);
  }
}

function summary(all: readonly Ordered[]): FittedTau {
  const matched = all.map(({ sizeMatched }) => sizeMatched).filter(Number.isFinite);
  return {
    kendallTau: mean(all.map(({ tau }) => tau)),
    interval: percentileInterval(all.map(({ tau }) => tau)),
    sizeMatchedTau: matched.length > 0 ? mean(matched) : null,
  };
}

function pick(columns: Columns, rows: Int32Array): Float64Array[] {
  return columns.map((column) => Float64Array.from(rows, (row) => column[row]!));
}

function concat(parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => [...part]));
}
