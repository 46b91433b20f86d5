import type { PluginRun } from 'dna-nas/core';
import type { Network } from 'dna-nas/core/contracts';
import { planNetwork } from 'dna-nas/core/space';
import type { TrainingWorld } from 'dna-nas/core/stages';
import { ClassifierTrainer } from 'dna-nas/nn/training';
import type { RetrainScratchOptions } from './options.js';
import type { TrainingPlan } from './plan.js';
import { openTargets } from './targets.js';

/** One network that is to be trained, and by what. */
export interface Undertaking {
  readonly run: PluginRun;
  readonly options: RetrainScratchOptions;
  readonly context: TrainingWorld;
  /** Its name, from which its first weights are drawn, and its text. */
  readonly input: { readonly name: string; readonly architecture: string };
}

/** The network of a task with the weights that it begins with. */
export function createNetwork({ options, context, input }: Undertaking): Network {
  const { name, architecture } = input;
  const { space, data, random } = context;
  const { dropout, dropConnect, batchNormMomentum: momentum, batchNormEpsilon: epsilon } = options;
  const network = planNetwork(space, architecture).create({
    ...{ image: data.image, classes: data.classes, dropout, dropConnect },
    batchNorm: { ...(momentum !== undefined && { momentum }), ...(epsilon !== undefined && { epsilon }) },
  });
  // Found and random network differ in nothing but their architecture: same batches, same augmentation.
  return network.initialise(random.fork('retrain', name, 'initialise'));
}

/** What trains it, before its first step. */
export async function createTrainer(
  { run, options, context }: Undertaking,
  network: Network,
  { order, steps, parts }: TrainingPlan,
): Promise<ClassifierTrainer> {
  const createOptimiser = await run.resolve('resolveOptimiser', 'retrain.optimiser');
  const schedule = await run.resolve('resolveSchedule', 'retrain.learningRate');
  const { labelSmoothing, mixup, movingAverage: decay, movingAverageWarmUp: warmUp } = options;
  return new ClassifierTrainer({
    network,
    optimiser: createOptimiser(),
    learningRate: schedule({ steps, stepsPerEpoch: order.stepsPerEpoch }),
    labelSmoothing,
    parts,
    image: context.data.image,
    random: context.random.fork('retrain').fork('draws'),
    ...(mixup > 0 && { mixup: { alpha: mixup, classes: context.data.classes } }),
    ...(decay > 0 && { movingAverage: { decay, warmUp } }),
    ...(await openTargets(context, options)),
  });
}
