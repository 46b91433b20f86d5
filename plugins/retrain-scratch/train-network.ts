import {
  BatchOrder,
  CheckpointPacer,
  errorInTask,
  type Network,
  type PluginRun,
  ReadAhead,
  requireFiniteLoss,
  requireFiniteState,
  stopped,
  type Task,
  type TaskContext,
  type Trained,
} from 'dna-nas/core';
import { ClassifierTrainer, EVALUATE, splitAccuracy, stateDict, type tf } from 'dna-nas/nn';
import type { RetrainScratchOptions } from './options.js';

interface Training {
  readonly run: PluginRun;
  readonly options: RetrainScratchOptions;
  readonly task: Task;
  readonly context: TaskContext;
}

/** Trains one network from its checkpoint to its committed result: parameters, multiply-adds, test accuracy, weights. */
export async function trainNetwork(training: Training): Promise<void> {
  const { options, task, context } = training;
  const { name, architecture: text } = task.input as { name: string; architecture: string };
  const { space, data, random } = context;
  const { dropout, dropConnect } = options;
  const architecture = space.parseArchitecture(text);
  const network = space.createNetwork(architecture, {
    image: data.image,
    classes: data.classes,
    dropout,
    dropConnect,
  });
  // Found and random network differ in nothing but their architecture: same batches, same augmentation.
  network.initialise(random.fork('retrain', name, 'initialise'));
  try {
    await trainSteps(training, network);
    const top1 = await measure(training, network);
    const { params, macs } = network.cost(data.image);
    const json = { name, params, macs, top1, architecture: text };
    // With timm's names and layout: the result is the network's weights for whoever wants them.
    context.store.commitResult(task.id, { json, tensors: stateDict(network) });
  } catch (error) {
    throw errorInTask(error, { task: task.id, option: 'retrain.batch', batch: options.batch });
  } finally {
    network.dispose();
  }
}

async function trainSteps({ run, options, task, context }: Training, network: Network): Promise<void> {
  const random = context.random.fork('retrain');
  const order = new BatchOrder(random.fork('data'), context.data.size.train, options.batch);
  const steps = order.steps(options.epochs);
  const createOptimiser = await run.resolve('resolveOptimiser', 'retrain.optimiser');
  const schedule = await run.resolve('resolveSchedule', 'retrain.learningRate');
  const learningRate = schedule({ steps, stepsPerEpoch: order.stepsPerEpoch });
  const trainer = new ClassifierTrainer({
    network,
    optimiser: createOptimiser(),
    learningRate,
    labelSmoothing: options.labelSmoothing,
    image: context.data.image,
    random: random.fork('draws'),
    ...(options.movingAverage > 0 && { movingAverage: { decay: options.movingAverage, warmUp: true } }),
  });
  try {
    const trained = () => ({ ...training(task), step: trainer.step, steps, learningRate });
    const saver = new Saver(context, trainer, trained);
    saver.load();
    const work = (task.work * (1 - evaluationShare(context, order, steps))) / steps;
    const batches = openBatches({ options, context }, order);
    let loss = 0;
    while (trainer.step < steps) {
      const { step } = trainer;
      const batch = await batches.take(step);
      const fresh = trainer.train(batch);
      requireFiniteLoss(fresh, trained(), context.store);
      loss += (fresh - loss) / Math.min(step + 1, 50);
      context.events.progress(task.id, work);
      context.events.stepFinished({ task: task.id, step, steps, loss: fresh });
      if (trainer.step % order.stepsPerEpoch === 0 || trainer.step === steps) {
        const epoch = Math.ceil(trainer.step / order.stepsPerEpoch);
        context.events.epochFinished({
          task: task.id,
          epoch,
          epochs: Math.ceil(options.epochs),
          metrics: { loss },
        });
      }
      if (trainer.step < steps) saver.saveIfDue();
    }
    requireFiniteState(trainer.state(), trained(), context.store);
    trainer.finish();
  } finally {
    trainer.dispose();
  }
}

/** The images of each step. */
function openBatches(
  { options, context }: Pick<Training, 'options' | 'context'>,
  order: BatchOrder,
): ReadAhead {
  const random = context.random.fork('retrain');
  const { noticed, timeSpent } = context.events;
  return new ReadAhead(context.dataset, {
    split: 'train',
    request(step) {
      const augment = options.augment ? { augment: random.fork('augment', step) } : {};
      return { indices: order.indices(step), options: { ...augment, stage: 'retrain', noticed } };
    },
    end: order.steps(options.epochs),
    waited: (seconds) => timeSpent('retrain.data', seconds),
  });
}

/** How a network in training is named in messages. */
function training({ id, input }: Task): Pick<Trained, 'task' | 'place' | 'slot'> {
  return { task: id, place: `the ${input.name} network`, slot: 'retrain.learningRate' };
}

function evaluationShare(context: TaskContext, order: BatchOrder, steps: number): number {
  const evaluation = context.data.size.test;
  return evaluation / (evaluation + 3 * steps * order.batch);
}

function measure({ options, task, context }: Training, network: Network): Promise<number> {
  const classify = (images: tf.Tensor4D) => network.forward(images, EVALUATE) as tf.Tensor2D;
  const { macs } = network.cost(context.data.image);
  return splitAccuracy(classify, context.dataset, {
    split: 'test',
    batch: options.evaluationBatch,
    progress: (images) => context.events.progress(task.id, images * macs),
    waited: (seconds) => context.events.timeSpent('retrain.data', seconds),
    noticed: context.events.noticed,
  });
}

/** Timed checkpoints of one network's training. */
class Saver {
  readonly #pacer: CheckpointPacer;

  constructor(
    readonly context: TaskContext,
    readonly trainer: ClassifierTrainer,
    readonly trained: () => Trained,
  ) {
    this.#pacer = new CheckpointPacer(context);
  }

  load(): void {
    const checkpoint = this.context.store.loadCheckpoint(this.trained().task);
    if (checkpoint) this.trainer.load(checkpoint.json.step as number, checkpoint.tensors);
  }

  saveIfDue(): void {
    const stop = this.context.shouldStop();
    if (stop || this.#pacer.due) this.#save();
    if (stop) throw stopped();
  }

  #save(): void {
    const { task, step } = this.trained();
    const state = () => {
      const tensors = this.trainer.state();
      requireFiniteState(tensors, this.trained(), this.context.store);
      return { json: { step }, tensors };
    };
    this.#pacer.save([{ task, step, state }]);
  }
}
