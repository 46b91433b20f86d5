import { randomStream } from 'dna-nas/core';
import { fitScores } from '../fit/fit-scores.js';
import { centredInterval, type Interval, percentileInterval } from '../statistics/index.js';
import { type Audit, PICKS, type Picks, type PredictorAudit, type Regret } from './audit.js';
import { type Limits, pickWithin } from './limited-pick.js';
import { CONDITIONS, Measurement, type Measures } from './measures.js';
import { type Replicates, resampleNetworks, resampleSeeds } from './resample.js';
import type { BaselineName, PredictorName, Scores } from './scores.js';
import { verdictOf } from './verdict.js';

export interface AuditOptions {
  /** Of the resampling. @default 0 */
  readonly seed?: number;
  /** @default 2,000 for up to 5,000 networks, fewer for more: 10 million divided by their number, at least 200 */
  readonly resamples?: number;
  /** Numbers of networks to fit the blocks' weights to. @default none */
  readonly fit?: readonly number[];
  /** Limits of a search, of costs that the scores have. @default none */
  readonly limits?: Limits;
}

/** Resamples where nobody says how many: enough for percentiles, or what a minute allows. */
export function usualResamples(networks: number): number {
  return Math.min(2000, Math.max(200, Math.floor(1e7 / networks)));
}

/**
 * How well a rating orders networks of which the accuracy is known, beside what their sizes alone tell. Everything has
 * a bootstrap interval over the networks, and one over training seeds where the truth has several. The same scores,
 * seed and resamples give the same numbers.
 * @throws RangeError where weights are to be fitted, and the scores have no ratings of blocks
 */
export function auditScores(scores: Scores, options: AuditOptions = {}): Audit {
  const networks = scores.rating.length;
  const { seed = 0, resamples = usualResamples(networks), fit = [] } = options;
  const random = randomStream(seed).fork('audit');
  const measurement = new Measurement(scores);
  const estimates = measurement.estimate();
  const pick = options.limits && pickWithin(scores, options.limits);
  const several = scores.seeds.length > 1;
  const results = new Results(estimates, {
    networks: resampleNetworks(measurement, { networks, resamples, random: random.fork('networks') }),
    ...(several && {
      seeds: resampleSeeds(measurement, { seeds: scores.seeds, resamples, random: random.fork('seeds') }),
    }),
  });
  const found: Omit<Audit, 'verdict'> = {
    n: networks,
    predictors: predictorsOf(measurement.predictors, results),
    ...conditionalOf(results),
    difference: differenceOf(measurement.predictors, results),
    ceiling: results.value('ceiling'),
    ceilingInterval: results.interval('ceiling'),
    sizeMatchedPairs: measurement.sizeMatchedPairs,
    sizeMatchedResamples: measurement.sizeMatchedResamples(resamples),
    seeds: Math.max(1, scores.seeds.length),
    resamples,
    seed,
    ...(fit.length > 0 && { fits: fitScores(scores, { networks: fit, seed }) }),
    ...(pick && { pick }),
  };
  return { ...found, verdict: verdictOf(found) };
}

/** Estimates with their intervals, by the names of the measures. */
class Results {
  readonly #estimates: Measures;
  readonly #networks: Replicates;
  readonly #seeds: Replicates | undefined;

  constructor(estimates: Measures, { networks, seeds }: { networks: Replicates; seeds?: Replicates }) {
    this.#estimates = estimates;
    this.#networks = networks;
    this.#seeds = seeds;
  }

  value(name: string): number | null {
    const value = this.#estimates.get(name) ?? Number.NaN;
    return Number.isFinite(value) ? value : null;
  }

  interval(name: string): Interval {
    return this.value(name) === null ? null : percentileInterval(this.#networks.get(name)!);
  }

  /** `key` and its interval over seeds, where there are several. */
  seedInterval<Key extends string>(key: Key, name: string): { [One in Key]?: Interval } {
    const value = this.value(name);
    if (!this.#seeds) return {};
    const interval = value === null ? null : centredInterval(this.#seeds.get(name)!, value);
    return { [key]: interval } as { [One in Key]?: Interval };
  }

  /** Adds a measure that is the difference of two, resample by resample. */
  subtract(name: string, [one, other]: readonly [string, string]): void {
    const difference = (replicates: Replicates) =>
      replicates.get(one)!.map((value, index) => value - replicates.get(other)![index]!);
    this.#estimates.set(name, this.#estimates.get(one)! - this.#estimates.get(other)!);
    for (const replicates of [this.#networks, this.#seeds])
      if (replicates) (replicates as Map<string, Float64Array>).set(name, difference(replicates));
  }
}

function predictorsOf(names: readonly PredictorName[], results: Results): Audit['predictors'] {
  const entries = names.map((name) => [name, predictorOf(name, results)] as const);
  return Object.fromEntries(entries) as unknown as Audit['predictors'];
}

function predictorOf(name: PredictorName, results: Results): PredictorAudit {
  const regrets = PICKS.map((picks) => [picks, regretOf(`${name} regret ${picks}`, results)] as const);
  return {
    kendallTau: results.value(`${name} tau`),
    interval: results.interval(`${name} tau`),
    ...results.seedInterval('seedInterval', `${name} tau`),
    spearman: results.value(`${name} spearman`),
    spearmanInterval: results.interval(`${name} spearman`),
    ...results.seedInterval('spearmanSeedInterval', `${name} spearman`),
    regret: Object.fromEntries(regrets) as unknown as Record<Picks, Regret>,
    sizeMatchedTau: results.value(`${name} matched`),
    sizeMatchedInterval: results.interval(`${name} matched`),
    ...results.seedInterval('sizeMatchedSeedInterval', `${name} matched`),
  };
}

function regretOf(measure: string, results: Results): Regret {
  return {
    points: results.value(measure)!,
    interval: results.interval(measure),
    ...results.seedInterval('seedInterval', measure),
  };
}

function conditionalOf(results: Results) {
  const each = <Value>(read: (measure: string) => Value) =>
    Object.fromEntries(CONDITIONS.map((name) => [name, read(`rating tau given ${name}`)])) as Record<
      (typeof CONDITIONS)[number],
      Value
    >;
  const seeds = each((measure) => results.seedInterval('interval', measure).interval);
  return {
    conditionalTau: each((measure) => results.value(measure)),
    conditionalIntervals: each((measure) => results.interval(measure)),
    ...(seeds.macs !== undefined && {
      conditionalSeedIntervals: { macs: seeds.macs, params: seeds.params ?? null },
    }),
  };
}

function differenceOf(names: readonly PredictorName[], results: Results): Audit['difference'] {
  const baselines = names.filter((name): name is BaselineName => name !== 'rating');
  const tau = (name: BaselineName) => results.value(`${name} tau`) ?? Number.NEGATIVE_INFINITY;
  const baseline = baselines.reduce((best, name) => (tau(name) > tau(best) ? name : best));
  results.subtract('difference', ['rating tau', `${baseline} tau`]);
  return {
    baseline,
    kendallTau: results.value('difference'),
    interval: results.interval('difference'),
    ...results.seedInterval('seedInterval', 'difference'),
  };
}
