import type { PluginRun } from 'dna-nas/core';
import type {
  CellSupernet,
  DistillStep,
  FeatureLoss,
  Optimiser,
  OptimiserFactory,
  PathSampler,
} from 'dna-nas/core/contracts';
import type { Task, TaskContext, TaskState } from 'dna-nas/core/stages';
import type { tf } from 'dna-nas/nn';
import { loadRawState, rawState, stateUnder } from 'dna-nas/nn/weights';
import type { DistillOptions } from './options.js';
import { cellTaskOf, type DistillStrategy } from './strategy.js';

const CELL = 'cell/';
const OPTIMISER = 'optimiser/';
/** The loss that is reported is the mean of about this many latest steps. */
const LOSS_WINDOW = 50;

/** What all cells of a thread are trained with, resolved once. */
export interface TrainerDependencies {
  readonly loss: FeatureLoss;
  readonly sampler: PathSampler;
  readonly createOptimiser: OptimiserFactory;
  readonly learningRate: (step: number) => number;
}

/** What a cell's training is opened from. */
export interface TrainerRequest {
  readonly run: PluginRun;
  readonly options: DistillOptions;
  readonly strategy: DistillStrategy;
  readonly task: Task;
  readonly context: TaskContext;
}

/** One cell in training: its network, optimiser and step count, and how they go to the disk and come back. */
export class CellTrainer {
  readonly block: number;
  readonly cell: number;
  step = 0;
  loss = Number.NaN;
  /** Learning rate of each step. */
  readonly learningRate: (step: number) => number;
  readonly #network: CellSupernet;
  readonly #optimiser: Optimiser;
  readonly #train: DistillStep;
  readonly #free: () => void;

  private constructor(
    readonly task: Task,
    dependencies: {
      network: CellSupernet;
      optimiser: Optimiser;
      train: DistillStep;
      free: () => void;
      learningRate: (step: number) => number;
    },
  ) {
    const { block, cell } = cellTaskOf(task);
    this.block = block;
    this.cell = cell;
    this.#network = dependencies.network;
    this.#optimiser = dependencies.optimiser;
    this.#train = dependencies.train;
    this.#free = dependencies.free;
    this.learningRate = dependencies.learningRate;
  }

  /** Builds the cell and takes up its checkpoint, if there is one. */
  static async open(request: TrainerRequest, dependencies: TrainerDependencies): Promise<CellTrainer> {
    const { run, options, strategy, task, context } = request;
    const student = cellTaskOf(task);
    const { block, cell } = student;
    const random = context.random.fork('cell', block, cell);
    const network = strategy.createStudent(context, student);
    network.initialise(random.fork('initialise'));
    strategy.complete?.(network, student, context);
    const optimiser = dependencies.createOptimiser();
    const factor = options.learningRateFactors[block] ?? 1;
    const learningRate = (index: number) => factor * dependencies.learningRate(index);
    const createStep = await run.resolve('resolveStep', 'distill.step');
    const step = createStep({
      cell: network,
      loss: dependencies.loss,
      sampler: dependencies.sampler,
      optimiser,
      learningRate,
      pathsPerStep: options.pathsPerStep,
      offPath: options.offPath,
      random,
    });
    const train = await run.hooks.step.promise(step);
    const free = () => step.dispose?.();
    const trainer = new CellTrainer(task, { network, optimiser, train, free, learningRate });
    const checkpoint = context.store.loadCheckpoint(task.id);
    if (checkpoint) trainer.#load(checkpoint);
    return trainer;
  }

  /** One optimiser step; returns its loss. */
  async train(features: { input: tf.Tensor4D; target: tf.Tensor4D }): Promise<number> {
    const loss = await this.#train(features, this.step);
    this.step++;
    const weight = 1 / Math.min(this.step, LOSS_WINDOW);
    this.loss = Number.isNaN(this.loss) ? loss : this.loss + weight * (loss - this.loss);
    return loss;
  }

  /** Everything that going on needs. */
  checkpoint(): TaskState {
    const tensors = rawState(this.#network.tensors(), CELL);
    for (const [name, value] of this.#optimiser.state()) tensors.set(OPTIMISER + name, value);
    const json = { step: this.step, loss: this.loss };
    return { json, tensors };
  }

  /** What rating needs: the weights alone. */
  result(): TaskState {
    const json = { step: this.step, loss: this.loss };
    return { json, tensors: rawState(this.#network.tensors()) };
  }

  #load({ json, tensors }: TaskState): void {
    this.step = json.step as number;
    this.loss = (json.loss as number | null) ?? Number.NaN;
    loadRawState(this.#network.tensors(), tensors, CELL);
    this.#optimiser.load(stateUnder(tensors, OPTIMISER));
  }

  dispose(): void {
    this.#network.dispose();
    this.#optimiser.dispose();
    this.#free();
  }
}
