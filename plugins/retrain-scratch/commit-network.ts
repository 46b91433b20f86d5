import type { Network, StateDict } from 'dna-nas/core/contracts';
import type { ClassifierTrainer } from 'dna-nas/nn/training';
import { stateDict } from 'dna-nas/nn/weights';
import { accuracyResult } from './accuracy-result.js';
import { commitExamples } from './examples.js';
import { startFacts } from './first-weights.js';
import type { Training } from './train-network.js';
import type { TrainingHistory } from './training-history.js';

/**
 * Commits a trained network: the weights that count as the task's own result, after those that stand beside it, the
 * best epoch's and, where the weights are a moving average, the trained ones. All have timm's names and layout.
 */
export async function commitNetwork(
  training: Training,
  { network, trainer, history }: { network: Network; trainer: ClassifierTrainer; history: TrainingHistory },
): Promise<void> {
  const { run, options, task, context } = training;
  const { name, architecture, seed } = task.input as { name: string; architecture: string; seed?: number };
  const { params, macs } = network.cost(context.data.image);
  const { batchNormEpsilon: epsilon } = options;
  // Whoever loads the weights elsewhere must set the epsilon, which no tensor tells.
  const about = {
    name,
    params,
    macs,
    architecture,
    image: context.data.image,
    classes: context.data.classes,
    ...(seed !== undefined && { seed }),
    ...startFacts(run, options),
    ...(epsilon !== undefined && { batchNormEpsilon: epsilon }),
  };
  const last = history.epochs.at(-1)!;
  const beside = (kind: string, json: object, tensors: StateDict) => {
    const id = `${task.id}-${kind}`;
    // A start before this one may have come so far; the same steps gave the same bits.
    if (!context.store.hasResult(id))
      context.store.commitResult(id, { json: { ...about, weights: kind, ...json }, tensors });
  };
  if (last.raw) beside('raw', last.raw, stateDict(network));
  trainer.finish();
  if (history.bestWeights.size > 0) beside('best', history.best!, history.bestWeights);
  await commitExamples(training, { network, right: history.rightOnes.right });
  const json = {
    ...about,
    ...accuracyResult({ ...last, images: context.data.size.test, ...history.rightOnes }, context.data),
    ...(last.raw && { raw: last.raw }),
    ...(options.evaluateEvery > 0 && { best: history.best!, epochs: history.epochs }),
  };
  context.store.commitResult(task.id, { json, tensors: stateDict(network) });
}
