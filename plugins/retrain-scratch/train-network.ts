import type { PluginRun } from 'dna-nas/core';
import type { Network } from 'dna-nas/core/contracts';
import type { Task, TaskContext, TrainingWorld } from 'dna-nas/core/stages';
import type { ClassifierTrainer } from 'dna-nas/nn/training';
import { errorInTask, requireFiniteLoss, requireFiniteState, type Trained } from 'dna-nas/nn/training';
import { BatchReader } from './batch-reader.js';
import { commitNetwork } from './commit-network.js';
import { createNetwork, createTrainer, type Undertaking } from './create-trainer.js';
import { Evaluator } from './evaluator.js';
import { loadStart } from './first-weights.js';
import type { RetrainScratchOptions } from './options.js';
import { planTraining, type TrainingPlan } from './plan.js';
import { Saver } from './saver.js';
import { measuredImages } from './targets.js';
import { smallerParts, trainStep } from './train-step.js';
import { TrainingHistory } from './training-history.js';

/** One task of the stage, where it is executed. */
export interface Training {
  readonly run: PluginRun;
  readonly options: RetrainScratchOptions;
  readonly task: Task;
  readonly context: TaskContext<TrainingWorld>;
}

/** Trains one network from its checkpoint to its committed result: costs, accuracies, weights. */
export async function trainNetwork(training: Training): Promise<void> {
  const { task, context, options } = training;
  const undertaking = { ...training, input: task.input as Undertaking['input'] };
  const network = createNetwork(undertaking);
  try {
    await loadStart(network, { ...training, architecture: undertaking.input.architecture });
    const plan = planTraining(context, options);
    const trainer = await createTrainer(undertaking, network, plan);
    try {
      const history = await trainSteps(training, { network, trainer, plan });
      await commitNetwork(training, { network, trainer, history });
    } finally {
      trainer.dispose();
    }
  } catch (error) {
    throw await errorInTask(error, smallerParts(training));
  } finally {
    network.dispose();
  }
}

interface TrainingDependencies {
  readonly network: Network;
  readonly trainer: ClassifierTrainer;
  readonly plan: TrainingPlan;
}

/** All steps from the checkpoint on, and the measurements between them. */
async function trainSteps(
  training: Training,
  { network, trainer, plan }: TrainingDependencies,
): Promise<TrainingHistory> {
  const { options, task, context } = training;
  const { macs } = network.cost(context.data.image);
  const history = new TrainingHistory(plan);
  const trained = () => describeTrained(training, { trainer, plan });
  const saver = new Saver({ context, trainer, history, trained });
  const images = await measuredImages(context);
  const evaluator = new Evaluator(training, { network, trainer, history, saver, macs, images });
  const reader = new BatchReader(training, plan);
  saver.load();
  for (;;) {
    if (history.epochEnded(trainer.step)) {
      const due = plan.measuredAfter(trainer.step);
      const measured = due ? await evaluator.measure() : undefined;
      const isBest = history.endEpoch(trainer.step, measured);
      if (isBest && options.evaluateEvery > 0) history.keepWeights(evaluator.weights());
      context.events.epochFinished({ task: task.id, ...history.lastEpoch(trainer.step) });
    }
    if (trainer.step === plan.steps) break;
    const { step } = trainer;
    const loss = await trainStep(training, { trainer, plan, reader, saver });
    requireFiniteLoss(loss, trained(), context.store);
    history.addLoss(loss);
    context.events.progress(task.id, plan.stepWork * macs + plan.teacherWork);
    const [learningRate, images] = [trainer.learningRate(step), options.batch];
    context.events.stepFinished({ task: task.id, step, steps: plan.steps, loss, learningRate, images });
    saver.saveIfDue();
  }
  requireFiniteState(trainer.state(), trained(), context.store);
  return history;
}

/** How a network in training is named in messages. */
function describeTrained(
  { task }: Training,
  { trainer, plan }: Omit<TrainingDependencies, 'network'>,
): Trained {
  const { step, learningRate } = trainer;
  const place = `the ${task.input.name} network`;
  return { task: task.id, place, step, steps: plan.steps, learningRate, slot: 'retrain.learningRate' };
}
