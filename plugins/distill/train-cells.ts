import { type PluginRun, stopped } from 'dna-nas/core';
import type { Task, TaskContext, TaskState } from 'dna-nas/core/stages';
import { CheckpointPacer } from 'dna-nas/core/work';
import { tf } from 'dna-nas/nn';
import {
  errorInTask,
  PerImagePass,
  ReadAhead,
  requireFiniteLoss,
  requireFiniteState,
  type TaskAtWork,
  type Trained,
} from 'dna-nas/nn/training';
import { CellTrainer, type TrainerDependencies } from './cell-trainer.js';
import { FeatureRing } from './feature-ring.js';
import { type BatchReader, type FeatureSource, localFeatures, ringFeatures } from './feature-source.js';
import type { DistillOptions } from './options.js';
import { type DistillPlan, planDistillation } from './plan.js';
import { cellTaskOf, type DistillStrategy } from './strategy.js';

/** Batches of features that are held at once: enough that threads rarely wait for each other. */
export const RING_SLOTS = 6;

interface Training {
  readonly run: PluginRun;
  readonly options: DistillOptions;
  readonly strategy: DistillStrategy;
  readonly tasks: readonly Task[];
  readonly context: TaskContext;
}

/** Trains the cells of one thread, each from its own checkpoint to its committed result. */
export async function trainCells(training: Training): Promise<void> {
  const { options, strategy, tasks, context } = training;
  const plan = planDistillation(context, options, strategy.view(context, tasks.map(cellTaskOf)));
  const dependencies = await resolveDependencies(training, plan);
  const trainers = await Promise.all(
    tasks.map((task) => CellTrainer.open({ ...training, task }, dependencies)),
  );
  const loop = new TrainingLoop(training, plan, trainers);
  try {
    await loop.run(await openFeatures(training, plan, loop.start));
  } finally {
    for (const trainer of trainers) trainer.dispose();
  }
}

async function resolveDependencies({ run }: Training, plan: DistillPlan): Promise<TrainerDependencies> {
  const schedule = await run.resolve('resolveSchedule', 'distill.learningRate');
  return {
    loss: await run.resolve('resolveLoss', 'distill.loss'),
    sampler: await run.resolve('resolveSampler', 'supernet.sampler'),
    createOptimiser: await run.resolve('resolveOptimiser', 'distill.optimiser'),
    learningRate: schedule({ steps: plan.steps, stepsPerEpoch: plan.order.stepsPerEpoch }),
  };
}

async function openFeatures(
  { options, context }: Training,
  plan: DistillPlan,
  start: number,
): Promise<FeatureSource & { secondsWaited(): number }> {
  const { image } = context.data;
  const batches = openBatches({ options, context }, plan);
  const reader: BatchReader = {
    teacher: await context.teacher(),
    batch: options.batch,
    shares: options.pathsPerStep,
    boundaries: (at) => plan.phases[Math.floor(at / plan.steps)]!.features.boundaries,
    async images(at) {
      const { images } = await batches.take(at);
      return tf.tensor4d(images, [options.batch, image.height, image.width, image.channels]);
    },
    pass: new PerImagePass({ what: 'The teacher', noticed: context.events.noticed }),
    spent: (seconds) => context.events.timeSpent('distill.teacher', seconds),
  };
  if (!context.shared) return { ...localFeatures(reader), secondsWaited: () => 0 };
  const shape = { slots: RING_SLOTS, threads: context.bundle.count, floats: plan.floats };
  const ring = new FeatureRing(shape, {
    memory: context.shared,
    thread: context.bundle.index,
    start,
    end: plan.end,
    checkStop() {
      if (context.shouldStop()) throw stopped();
    },
  });
  ring.join();
  return { ...ringFeatures(reader, ring), secondsWaited: () => ring.secondsWaited };
}

/** The images of each step, numbered through all phases. */
function openBatches(
  { options, context }: Pick<Training, 'options' | 'context'>,
  plan: DistillPlan,
): ReadAhead {
  const augment = context.random.fork('distill', 'augment');
  const { noticed, timeSpent } = context.events;
  return new ReadAhead(context.dataset, {
    split: 'train',
    request(at) {
      const step = at % plan.steps;
      const draws = options.augment ? { augment: augment.fork(step) } : {};
      return { indices: plan.order.indices(step), options: { ...draws, stage: 'distill', noticed } };
    },
    end: plan.end,
    // Of several threads any may come to do the next step: what one read ahead, another would read again.
    ...(context.shared && { depth: 0 }),
    waited: (seconds) => timeSpent('distill.data', seconds),
  });
}

/**
 * The steps of one thread. They are numbered through all phases: with one phase (`joint`) step s trains every cell;
 * with a phase a block, phase p's steps train that block's cells. Each cell counts its own steps, so cells that
 * stopped at different points go on together.
 */
class TrainingLoop {
  readonly #context: TaskContext;
  readonly #options: DistillOptions;
  readonly #plan: DistillPlan;
  readonly #trainers: readonly CellTrainer[];
  readonly #pacer: CheckpointPacer;

  constructor({ context, options }: Training, plan: DistillPlan, trainers: readonly CellTrainer[]) {
    this.#context = context;
    this.#options = options;
    this.#plan = plan;
    this.#trainers = trainers;
    this.#pacer = new CheckpointPacer(context);
  }

  /** The first step that any cell still needs. */
  get start(): number {
    return Math.min(
      ...this.#trainers.map((trainer) => this.#phaseOf(trainer) * this.#plan.steps + trainer.step),
    );
  }

  async run(features: FeatureSource & { secondsWaited(): number }): Promise<void> {
    const { steps, end } = this.#plan;
    for (let at = this.start; at < end; at++) {
      const phase = Math.floor(at / steps);
      const due = this.#trainers.filter((cell) => this.#phaseOf(cell) === phase && cell.step === at % steps);
      if (due.length > 0) await this.#naming(due[0]!, () => this.#step(due, features, at));
      features.release(at);
      this.#saveIfDue();
    }
    this.#context.events.timeSpent('distill.wait', features.secondsWaited());
  }

  /** What fails for all cells of a step, say its images, is told with the first of them. */
  async #naming({ task }: CellTrainer, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw await errorInTask(error, this.#work(task.id));
    }
  }

  /** What can be made smaller: the batch, or its share of each path where that was set. */
  #work(task: string): TaskAtWork & { readonly paths: number } {
    const { batch, microBatch, pathsPerStep: paths } = this.#options;
    if (microBatch !== undefined) return { task, option: 'distill.microBatch', batch: microBatch, paths };
    return { task, option: 'distill.batch', batch, allows: (size) => size % paths === 0, paths: 1 };
  }

  #phaseOf(trainer: CellTrainer): number {
    return this.#plan.phases.findIndex(({ blocks }) => blocks.some(({ index }) => index === trainer.block));
  }

  async #step(due: readonly CellTrainer[], features: FeatureSource, at: number): Promise<void> {
    const phase = this.#plan.phases[Math.floor(at / this.#plan.steps)]!;
    const place = (trainer: CellTrainer) => phase.blocks.findIndex(({ index }) => index === trainer.block);
    const { input, target } = phase.features;
    const wanted = new Set(due.flatMap((trainer) => [input[place(trainer)]!, target[place(trainer)]!]));
    const maps = await this.#guard(() => features.take(at, wanted));
    const began = performance.now();
    try {
      for (const trainer of due) {
        // A step of many cells is long: it may end between two of them, as each counts its own.
        this.#saveIfDue();
        const pair = { input: maps[input[place(trainer)]!]!, target: maps[target[place(trainer)]!]! };
        await this.#train(trainer, pair);
      }
    } finally {
      tf.dispose(maps.filter((map) => map !== undefined));
    }
    this.#context.events.timeSpent('distill.train', (performance.now() - began) / 1000);
  }

  async #train(trainer: CellTrainer, pair: FeaturePair): Promise<void> {
    const held = tf.memory().numBytes;
    const loss = await trainer.train(pair).catch(async (error) => {
      const { paths, ...work } = this.#work(trainer.task.id);
      const cells = this.#trainers.filter(({ block }) => block === trainer.block);
      const attempt = (size: number) => trainFirst(cells, pair, size * paths);
      throw await errorInTask(error, { ...work, held, attempt });
    });
    requireFiniteLoss(loss, this.#trained(trainer), this.#context.store);
    this.#told(trainer, loss);
  }

  /** Waits for other threads, which may end by a stop: what was trained before it is saved. */
  async #guard<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (this.#context.shouldStop()) this.#saveIfDue();
      throw error;
    }
  }

  #told(trainer: CellTrainer, loss: number): void {
    const { events, store } = this.#context;
    const { steps, order } = this.#plan;
    const { id, work } = trainer.task;
    const { step } = trainer;
    events.progress(id, work / steps);
    const learningRate = trainer.learningRate(step - 1);
    const images = this.#options.batch;
    events.stepFinished({ task: id, step: step - 1, steps, loss, learningRate, images });
    if (step % order.stepsPerEpoch === 0 || step === steps) {
      const epochs = Math.ceil(this.#options.epochs);
      const epoch = Math.ceil(step / order.stepsPerEpoch);
      events.epochFinished({ task: id, epoch, epochs, metrics: { loss: trainer.loss } });
    }
    if (step < steps) return;
    store.commitResult(id, this.#sound(trainer, trainer.result()));
    events.cellTrained({ block: trainer.block, cell: trainer.cell, loss: trainer.loss, steps });
  }

  #saveIfDue(): void {
    const open = this.#trainers.filter((trainer) => trainer.step < this.#plan.steps);
    if (open.length === 0) return;
    this.#pacer.saveIfDue(() =>
      open.map((trainer) => ({
        task: trainer.task.id,
        step: trainer.step,
        state: () => this.#sound(trainer, trainer.checkpoint()),
      })),
    );
  }

  #sound(trainer: CellTrainer, state: TaskState): TaskState {
    requireFiniteState(state.tensors, this.#trained(trainer), this.#context.store);
    return state;
  }

  #trained({ task, block, cell, step, learningRate }: CellTrainer): Trained {
    const place = `block ${block + 1}, cell ${cell + 1}`;
    const slot = 'distill.learningRate';
    return { task: task.id, place, step, steps: this.#plan.steps, learningRate, slot };
  }
}

type FeaturePair = Parameters<CellTrainer['train']>[0];

/** Steps of a cell that are tried: each draws a path of its own, which takes more memory or less. */
const TRIED_STEPS = 8;
/** No further step is tried after so many milliseconds. */
const LONGEST_TRIAL = 5000;

/** Some steps of each cell on the first images of a batch, by which the cells are spoilt. */
async function trainFirst(cells: readonly CellTrainer[], pair: FeaturePair, images: number): Promise<void> {
  const first = (map: tf.Tensor4D) => tf.slice(map, [0, 0, 0, 0], [images, -1, -1, -1]);
  const [input, target] = [first(pair.input), first(pair.target)];
  try {
    const end = performance.now() + LONGEST_TRIAL;
    for (let step = 0; step < TRIED_STEPS; step++)
      for (const cell of cells) {
        await cell.train({ input, target });
        if (performance.now() > end) return;
      }
  } finally {
    tf.dispose([input, target]);
  }
}
