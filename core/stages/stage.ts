import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { DataDescription, Dataset } from '../contracts/data.js';
import type { Architecture, CellChoice, Costs, SearchSpace } from '../contracts/space.js';
import type { Block, Teacher, TeacherDescription } from '../contracts/teacher.js';
import type { Supernet } from '../contracts/training.js';
import type { RandomStream } from '../random.js';
import type { Rehearsal, StageForecast } from './forecast.js';
import type { ImitatedFeatures, ImitationRequest } from './imitation.js';
import type { CellRatings, NetworkResult, RatedCandidate, RunSummary, SearchResult } from './result.js';

/** A part of a stage that can run apart: its result is committed once, under its id, in the run folder. */
export interface Task {
  /** Unique in the run and a file name: `train-b1-c2`, `rate-b1-c2`, `retrain-found`. */
  readonly id: string;
  readonly stage: 'distill' | 'rank' | 'retrain';
  /** Tasks whose results this one reads. */
  readonly needs: readonly string[];
  /** Multiply-adds it will take, for balancing and for the time left. */
  readonly work: number;
  /** Plain data that its stage understands. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Result or checkpoint of a task: JSON for people, tensors for machines. */
export interface TaskState {
  readonly json: Readonly<Record<string, unknown>>;
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
}

/** Where a task's state is kept. Every method throws `DnaError` when this process has lost the run. */
export interface TaskStore {
  /** The last checkpoint that proves whole, or undefined. */
  loadCheckpoint(task: string): TaskState | undefined;
  /** Atomic; the previous checkpoint is kept until this one is proven. */
  saveCheckpoint(task: string, step: number, state: TaskState): void;
  hasResult(task: string): boolean;
  loadResult(task: string): TaskState | undefined;
  /** Created once; a second commit of the same task is refused. Drops the task's checkpoints. */
  commitResult(task: string, state: TaskState): void;
}

/** What a task tells the main process, which calls the past-tense hooks with it. Plain data only. */
export interface TaskEvents {
  /** Multiply-adds done since the last call, for progress bars and the time left. */
  progress(task: string, work: number): void;
  /**
   * Seconds of this thread spent on something, for the ledger: `distill.teacher`. Where the thread is, who executes the
   * task adds.
   */
  timeSpent(on: string, seconds: number, device?: string): void;
  noticed(text: string): void;
  stepFinished(event: StepFinished): void;
  epochFinished(event: EpochFinished): void;
  cellTrained(event: CellTrained): void;
  candidateRated(event: RatedCandidate): void;
  checkpointSaved(event: CheckpointSaved): void;
}

export interface StepFinished {
  readonly task: string;
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  /** Of this step. */
  readonly learningRate?: number;
  /** That it trained on. */
  readonly images?: number;
}

export interface EpochFinished {
  readonly task: string;
  readonly epoch: number;
  readonly epochs: number;
  /** Means over the epoch, by name: `loss`, `accuracy`, … */
  readonly metrics: Readonly<Record<string, number>>;
}

export interface CellTrained {
  readonly block: number;
  readonly cell: number;
  readonly loss: number;
  readonly steps: number;
}

export interface CheckpointSaved {
  readonly task: string;
  readonly step: number;
  readonly bytes: number;
  readonly milliseconds: number;
}

/**
 * What training a network needs: everything resolved once, in this thread. A run that trains a given network has no
 * teacher.
 */
export interface TrainingWorld {
  readonly seed: number;
  /** The run's stream; every use forks it by its purpose. */
  readonly random: RandomStream;
  readonly data: DataDescription;
  readonly dataset: Dataset;
  readonly space: SearchSpace;
  readonly teacherDescription?: TeacherDescription;
  /** Loads it at the first call. */
  teacher?(): Promise<Teacher>;
}

/**
 * The world a search's work happens in. In the main process no tensor backend is started; `teacher()` may only be
 * called where tasks are executed.
 */
export interface World extends TrainingWorld {
  readonly blocks: readonly Block[];
  readonly teacherDescription: TeacherDescription;
  readonly supernet: Supernet;
  teacher(): Promise<Teacher>;
}

/** What the execution of tasks is given beside the world. */
export type TaskContext<Place extends TrainingWorld = World> = Place & TaskTools;

export interface TaskTools {
  readonly store: TaskStore;
  readonly events: TaskEvents;
  /** Seconds between timed checkpoints. */
  readonly checkpointSeconds: number;
  /** Memory shared by all bundles that run at the same time, if the stage's `share` made some. */
  readonly shared?: SharedArrayBuffer;
  /** Number of bundles that share it and this one's index. */
  readonly bundle: { readonly index: number; readonly count: number };
  /** True once the process is asked to stop: save and throw `stopped()`. */
  shouldStop(): boolean;
}

/** A stage whose work is tasks. `tasks` and `collect` run in the main process, `execute` where the work is. */
export interface TaskStage<Input, Output, Place extends TrainingWorld = World> {
  /** Name of the work for people: `train 16 cells`; without the input, of all that there will be. */
  describe(world: Place, input?: Input): string;
  /** Multiply-adds of the whole stage, as well as can be told before the run. */
  estimate(world: Place): number;
  /** Steps, images and memory beside that, for `dna plan`. Pure, without tensors. */
  forecast?(world: Place): StageForecast;
  /**
   * Some work of this stage for about so many seconds, thrown away, to measure its speed. Called where a backend is
   * started; needs neither the data set nor the teacher.
   */
  rehearse?(world: Place, seconds: number): Promise<Rehearsal>;
  /** Pure: the same input lays out the same tasks. */
  tasks(world: Place, input: Input): Task[];
  /**
   * `together`: tasks are dealt to as many bundles as there are workers and each bundle is executed in one call
   * (they can share a teacher pass); `apart`: one task a call, longest first.
   */
  readonly scheduling: 'together' | 'apart';
  /** Bytes of memory to share among the bundles of one stage, 0 for none. */
  share?(world: Place, bundles: readonly (readonly Task[])[]): number;
  /** Runs tasks from their checkpoints to their committed results. */
  execute(tasks: readonly Task[], context: TaskContext<Place>): Promise<void>;
  collect(world: Place, tasks: readonly Task[], store: TaskStore): Output | Promise<Output>;
  /** What came out, one line for people. */
  conclude(output: Output): string;
}

/** What one round of distillation is laid out from. */
export interface DistillRound {
  /** Counted from 0. */
  readonly index: number;
  /** Ratings of the cells of all rounds before, as the rank stage gave them. */
  readonly rated: readonly CellRatings[];
}

/** Answers of the stage plugins. */
export interface DistillStage extends TaskStage<DistillRound, TrainedCell[]> {
  /** Rounds of training and then rating, each laid out from the ratings before it. Absent: one trains all cells. */
  rounds?(world: World): number;
  /**
   * What `collect` will say of tasks that may not be executed yet, but for what comes out. Absent: the rating is laid
   * out after the training.
   */
  planned?(tasks: readonly Task[]): PlannedCell[];
  /** Opens what gives a cell its input where the teacher does not (`TrainedCell.earlier`); asked by the rating. */
  openInput?(trained: TrainedCell, context: TaskContext): Promise<CellInput>;
}
export interface RankStage extends TaskStage<readonly TrainedCell[], CellRatings[]> {
  /** The tasks of cells that may not be trained yet, the same as later. Absent: they are laid out after the training. */
  layOut?(world: World, cells: readonly PlannedCell[]): Task[];
  /** Runs one candidate beside the teacher, calibrated as for its rating: what `dna report --features` shows. */
  imitate?(request: ImitationRequest, context: TaskContext): Promise<ImitatedFeatures>;
}
/** What the summary says of how networks differ. */
export type NetworkDifferences = Pick<RunSummary, 'comparisons' | 'standing'>;
export interface RetrainStage
  extends TaskStage<SearchResult | readonly GivenNetwork[], NetworkResult[], TrainingWorld> {
  /** Random networks that it trains beside the found one. @default 1 */
  readonly randomNetworks?: number;
  /** How the networks of finished tasks differ, as far as their results tell. Absent: nothing is said of it. */
  compare?(tasks: readonly Task[], store: TaskStore): NetworkDifferences;
}

/** A network that is trained without a search. */
export interface GivenNetwork {
  /** What it is called in reports and files: `dna-a`, or `given`. */
  readonly name: string;
  /** A name or text that the space reads (`planNetwork`, else `parseArchitecture`). */
  readonly text: string;
  /** `macs` and `params` on the data set's images. */
  readonly costs: Costs;
  /** From which its training is drawn, instead of from the run's. Its result tells it, and the text. */
  readonly seed?: number;
}

/** A cell that `task` trains: its weights will be in that task's result. */
export interface PlannedCell {
  readonly task: string;
  readonly block: number;
  readonly cell: number;
  /** The student's own blocks that gave its input, in order. Absent: the teacher gave it. */
  readonly earlier?: readonly EarlierBlock[];
}

/** A trained cell: its weights are in the result of `task`. */
export interface TrainedCell extends PlannedCell {
  readonly loss: number;
}

/** A block of the student that stands before the one that is trained. */
export interface EarlierBlock {
  readonly block: number;
  /** Its paths that run, best-rated first. */
  readonly candidates: readonly CellChoice[];
  /** For each of them, the task whose result holds its weights. Absent: the cell's own task does. */
  readonly tasks?: readonly string[];
}

/** The student's blocks before a cell, each along its best-rated path. */
export interface CellInput {
  /** images [n,h,w,c] → the cell's input, by batch statistics, which are remembered (their mean over several calls). */
  calibrate(images: Tensor4D): Tensor4D;
  /** images [n,h,w,c] → the cell's input, by the statistics remembered, or those of the training if there are none. */
  forward(images: Tensor4D): Tensor4D;
  dispose(): void;
}

/**
 * Answer of a scale plugin: what a search adds up over blocks. Ratings of blocks are distances of different maps, of
 * which none is worth as much as another.
 */
export interface RatingScale {
  readonly name: string;
  /** Before any training: throws where the ratings of these blocks could not be put on it. */
  check?(space: SearchSpace): void;
  /**
   * The same candidates, lower is better, in the same order within a block; infinite ones stay infinite. Asked anew by
   * every search and every audit.
   */
  apply(ratings: readonly CellRatings[], space: SearchSpace): readonly CellRatings[];
  /** Networks whose accuracies it is made of: an audit leaves them out. */
  known?(space: SearchSpace): readonly Architecture[];
}
