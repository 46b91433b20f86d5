/*
 * A search whose outcome is known: the space of NAS-Bench-Macro, all of whose networks others have trained on CIFAR-10.
 *
 *     npx dna data get cifar10
 *     npx dna retrain --preset nas-bench-macro --architecture 22222222     # the teacher
 *     npx dna run --preset nas-bench-macro --until search
 *     npx dna data get nas-bench-macro
 *     npx dna audit runs/nas-bench-macro --truth .cache/dna-nas/nas-bench-macro/truth.csv
 *
 * docs/results/nas-bench-macro.md tells what came out, and where a trained teacher is.
 */
import type { Config } from 'dna-nas/configuration';

export const description =
  'A search in the space of NAS-Bench-Macro on CIFAR-10, whose networks’ accuracies are known.';

/** The largest network of the space teaches; the limit is about the mean cost of all. */
export default function nasBenchMacro(): Config {
  return {
    name: 'nas-bench-macro',
    seed: 1,
    backend: 'auto',
    data: { use: 'cifar10', augment: { flip: 0.5, shift: 4 } },
    teacher: {
      use: 'network',
      weights: 'runs/nas-bench-macro-22222222/results/retrain-22222222.safetensors',
      // Ratings rank better by it, with each of three seeds.
      statistics: 'batch',
    },
    partition: 'resolution',
    space: 'nas-bench-macro',
    supernet: { use: 'multi-cell', sampling: 'fair' },
    distill: {
      use: 'blockwise',
      // More of it makes ratings worse: see the page.
      epochs: 1,
      batch: 128,
      loss: 'feature-mse',
      optimiser: { use: 'adam', weightDecay: 0 },
      // A tenth of it ranks worse with each of three seeds.
      learningRate: { use: 'cosine', rate: 0.03 },
    },
    rank: {
      use: 'candidates',
      rating: 'answer-kl',
      batch: 125,
      batches: 20,
      calibrationBatches: 4,
    },
    // A block that is far worse than its best loses less behind training than its rating says.
    search: { use: 'exact', limits: { macs: 60_000_000 }, scale: { values: 'log-excess' } },
    // The benchmark's own recipe.
    retrain: {
      use: 'scratch',
      epochs: 50,
      batch: 256,
      dropout: 0,
      dropConnect: 0,
      labelSmoothing: 0,
      evaluateEvery: 1,
      optimiser: { use: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      learningRate: { use: 'cosine', rate: 0.1 },
    },
    reports: ['console', 'json', 'html'],
    smoke: {
      data: { heldOutPerClass: 20, trainLimit: 256, testLimit: 200 },
      rank: { batch: 32, batches: 1, calibrationBatches: 1 },
      retrain: { evaluateEvery: 0 },
    },
  };
}
