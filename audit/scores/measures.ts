import {
  kendallTau,
  meanOf,
  onceEach,
  partialTau,
  type Ranked,
  rankValues,
  regret,
  SAME_SIZE,
  SizeMatchedPairs,
  spearmanRho,
  type Weights,
} from '../statistics/index.js';
import { PICKS } from './audit.js';
import { PREDICTORS, type PredictorName, type Scores } from './scores.js';

/** By what is measured: `rating tau`, `macs regret 10`, `depth matched`, `rating tau given params`, `ceiling`. */
export type Measures = Map<string, number>;

/** Accuracies and how often each network counts; one of them changes from resample to resample. */
interface Sample {
  readonly accuracy: Float64Array;
  readonly ranked: Ranked;
  readonly weights: Weights;
}

/** Comparisons of pairs of one size in all resamples, and the fewest resamples that they are made in. */
const MOST_COMPARISONS = 5e8;
const FEWEST_RESAMPLES = 15;

/** The conditions of partial taus. */
export const CONDITIONS = ['macs', 'params'] as const;

/** Measures one set of scores again and again: ranks and pairs are made once. */
export class Measurement {
  readonly #scores: Scores;
  readonly #predictors: ReadonlyMap<PredictorName, Ranked>;
  readonly #accuracy: Ranked;
  /** Each seed beside the mean of the others. */
  readonly #seeds: readonly (readonly [Ranked, Ranked])[];
  readonly #matched: SizeMatchedPairs;
  readonly #matchedTaus: ReadonlyMap<PredictorName, (weights: Weights) => number>;
  readonly #once: Weights;
  /** Taus of the rating with the costs that are held still, of the scores as they are. */
  readonly #sizeTaus: ReadonlyMap<string, number>;

  constructor(scores: Scores) {
    this.#scores = scores;
    this.#predictors = rankPredictors(scores);
    this.#accuracy = rankValues(scores.accuracy);
    this.#seeds =
      scores.seeds.length < 2 ? [] : scores.seeds.map((_, seed) => oneAgainstOthers(scores, seed));
    const matched = new SizeMatchedPairs(scores.costs.macs, SAME_SIZE);
    this.#matched = matched;
    const taus = [...this.#predictors].map(
      ([name, one]) => [name, matched.tauByWeights(one, this.#accuracy)] as const,
    );
    this.#matchedTaus = new Map(taus);
    this.#once = onceEach(scores.rating.length);
    this.#sizeTaus = new Map(CONDITIONS.map((name) => [name, this.#sizeTau(name, this.#once)]));
  }

  get predictors(): PredictorName[] {
    return [...this.#predictors.keys()];
  }

  get sizeMatchedPairs(): number {
    return this.#matched.count;
  }

  /** In how many resamples pairs of one size are compared: in fewer where there are very many. */
  sizeMatchedResamples(resamples: number): number {
    const affordable = Math.floor(MOST_COMPARISONS / Math.max(1, this.#matched.count));
    return Math.min(resamples, Math.max(FEWEST_RESAMPLES, affordable));
  }

  /** Of the scores as they are. */
  estimate(): Measures {
    return this.resampled(this.#once, { matched: true });
  }

  /** With networks that count as often as they were drawn; with or without pairs of one size. */
  resampled(weights: Weights, { matched }: { readonly matched: boolean }): Measures {
    const { accuracy } = this.#scores;
    const measures = this.#measure({ accuracy, ranked: this.#accuracy, weights });
    for (const [name, tau] of matched ? this.#matchedTaus : []) measures.set(`${name} matched`, tau(weights));
    const taus = this.#seeds.map(([one, others]) => kendallTau(one, others, weights));
    if (taus.length > 0) measures.set('ceiling', taus.reduce((sum, tau) => sum + tau, 0) / taus.length);
    return measures;
  }

  /** With other accuracies, as of other training seeds. */
  reseeded(accuracy: Float64Array, { matched }: { readonly matched: boolean }): Measures {
    const ranked = rankValues(accuracy);
    const measures = this.#measure({ accuracy, ranked, weights: this.#once });
    for (const [name, predictor] of matched ? this.#predictors : [])
      measures.set(`${name} matched`, this.#matched.tau(predictor, ranked));
    return measures;
  }

  #measure({ accuracy, ranked, weights }: Sample): Measures {
    const measures: Measures = new Map();
    for (const [name, predictor] of this.#predictors) {
      measures.set(`${name} tau`, kendallTau(predictor, ranked, weights));
      measures.set(`${name} spearman`, spearmanRho(predictor, ranked, weights));
      for (const picks of PICKS)
        measures.set(`${name} regret ${picks}`, 100 * regret(predictor, accuracy, { picks, weights }));
    }
    for (const name of CONDITIONS) {
      // Other accuracies change nothing of it.
      const xz = weights === this.#once ? this.#sizeTaus.get(name)! : this.#sizeTau(name, weights);
      const [xy, yz] = [measures.get('rating tau')!, measures.get(`${name} tau`)!];
      measures.set(`rating tau given ${name}`, partialTau({ xy, xz, yz }));
    }
    return measures;
  }

  #sizeTau(name: (typeof CONDITIONS)[number], weights: Weights): number {
    return kendallTau(this.#predictors.get('rating')!, this.#predictors.get(name)!, weights);
  }
}

/** Higher is better in all of them: a rating is turned round. */
function rankPredictors({ rating, costs }: Scores): Map<PredictorName, Ranked> {
  const ranked = new Map<PredictorName, Ranked>();
  for (const name of PREDICTORS) {
    const values = name === 'rating' ? rating.map((value) => -value) : costs[name];
    if (values) ranked.set(name, rankValues(values));
  }
  return ranked;
}

function oneAgainstOthers({ seeds, accuracy }: Scores, seed: number): readonly [Ranked, Ranked] {
  const others = seeds.filter((_, other) => other !== seed);
  const means = accuracy.map((_, network) => meanOf(others, network));
  return [rankValues(seeds[seed]!), rankValues(means)];
}
