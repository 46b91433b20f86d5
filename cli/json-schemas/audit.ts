import { type JsonSchema, list, number, object, text, whole } from './builders.js';

const orNull = (schema: JsonSchema, description: string) => ({
  anyOf: [schema, { type: 'null' }],
  description,
});
const tau = (description: string) =>
  orNull({ type: 'number' }, `${description}; null where it has no value.`);
const interval = (over: string) =>
  orNull(
    { ...list({ type: 'number' }, 'Least and greatest.'), minItems: 2, maxItems: 2 },
    `95 % interval over ${over}; null where there is no value.`,
  );
const NETWORKS = 'networks';
const SEEDS = 'training seeds; absent where there are fewer than two';

const regret = object(
  {
    points: number('Percentage points.'),
    interval: interval(NETWORKS),
    seedInterval: interval(SEEDS),
  },
  ['seedInterval'],
);

const predictor = object(
  {
    kendallTau: tau('Tau-b with the accuracy'),
    interval: interval(NETWORKS),
    seedInterval: interval(SEEDS),
    spearman: tau("Spearman's rho with the accuracy"),
    spearmanInterval: interval(NETWORKS),
    spearmanSeedInterval: interval(SEEDS),
    regret: {
      ...object({ 1: regret, 10: regret }),
      description: 'The best accuracy of all less the best of the 1 or 10 that the predictor picks.',
    },
    sizeMatchedTau: tau('Tau-a of pairs whose multiply-adds differ by at most 5 % of the larger'),
    sizeMatchedInterval: interval(NETWORKS),
    sizeMatchedSeedInterval: interval(SEEDS),
  },
  ['seedInterval', 'spearmanSeedInterval', 'sizeMatchedSeedInterval'],
);

const fitted = (description: string) => ({
  ...object({
    kendallTau: number('Tau-b with the accuracy of the networks left, the mean over the draws.'),
    interval: interval('draws of the networks that are fitted to'),
    sizeMatchedTau: tau('Tau-a of those of nearly equal multiply-adds, the mean over the draws'),
  }),
  description,
});

const conditional = (of: JsonSchema) => object({ macs: of, params: of });

const near = (description: string) => ({
  ...object({
    networks: whole('Their number.'),
    mean: number('Of their accuracies.'),
    deviation: number('Of their accuracies.'),
    interval: {
      ...list({ type: 'number' }, '95 % interval of the mean.'),
      minItems: 2,
      maxItems: 2,
    },
    beaten: number('Share of them that the best rated one is better than.'),
  }),
  description,
});

const pick = {
  ...object(
    {
      limits: { type: 'object', description: 'The greatest value of each cost.' },
      networks: whole('Networks within the limits.'),
      network: whole('Place of the best rated one among all that are audited, from 0.'),
      accuracy: number('Its accuracy, a share.'),
      rank: whole('Its rank by accuracy within the limits, from 1.'),
      best: number('The best accuracy within the limits.'),
      near: near('Others whose multiply-adds are within 2 % of its own; absent with fewer than two.'),
      alike: near(
        'Those of them whose parameters are within 2 % of its own as well; absent with fewer than two.',
      ),
      deepest: {
        ...object({
          depth: whole('Layers.'),
          networks: whole('Networks of that depth.'),
          accuracy: number('Mean of their accuracies.'),
        }),
        description: 'The deepest networks within the limits.',
      },
      mostExpensive: number('Accuracy of the network of the most multiply-adds within the limits.'),
    },
    ['near', 'alike', 'deepest'],
  ),
  description:
    'What a search within the limits takes; absent without limits, or where no network is within them.',
};

/** Of `dna audit`. */
export const audit = object(
  {
    n: whole('Networks.'),
    predictors: object(
      { rating: predictor, macs: predictor, params: predictor, depth: predictor, latency: predictor },
      ['depth', 'latency'],
    ),
    conditionalTau: conditional(tau("Kendall's partial tau of rating and accuracy, this cost held still")),
    conditionalIntervals: conditional(interval(NETWORKS)),
    conditionalSeedIntervals: conditional(interval(SEEDS)),
    difference: object(
      {
        baseline: {
          enum: ['macs', 'params', 'depth', 'latency'],
          description: 'The one of the highest tau.',
        },
        kendallTau: tau("The rating's tau less the baseline's"),
        interval: interval(NETWORKS),
        seedInterval: interval(SEEDS),
      },
      ['seedInterval'],
    ),
    ceiling: tau("Tau of one training's accuracies with the mean of the others', mean over the trainings"),
    ceilingInterval: interval(NETWORKS),
    sizeMatchedPairs: whole('Pairs whose multiply-adds differ by at most 5 % of the larger.'),
    sizeMatchedResamples: whole('Resamples in which these were compared.'),
    seeds: whole('Trainings of each network.'),
    resamples: whole('Resamples of networks, and as many of training seeds.'),
    seed: whole('Of the resampling.'),
    fits: list(
      object({
        networks: whole('Trained networks that weights are fitted to.'),
        predictors: object(
          {
            rating: fitted('Weights of the blocks, and what operations add where they are known.'),
            operations: fitted('Operations alone, without any rating; of a run.'),
            sizes: fitted('Multiply-adds and depth alone.'),
          },
          ['operations'],
        ),
        draws: whole('Times that the networks were drawn.'),
      }),
      'With `--fit` alone: what few trained networks make of the ratings.',
    ),
    pick,
    verdict: text('One sentence.'),
  },
  ['conditionalSeedIntervals', 'fits', 'pick'],
);
