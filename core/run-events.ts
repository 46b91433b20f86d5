/** What a run itself tells of, as data; what its tasks tell is in `stages`. */
import type { FeatureShape, Split } from './contracts/index.js';
import type { ComparedBlock, ComparedImage, RunSummary, StageAhead, StageName } from './stages/index.js';

export interface StageStarted {
  readonly stage: StageName;
  /** One line for people: what this stage will do. */
  readonly description: string;
  /** Tasks to do and done before (by an earlier start of the run). */
  readonly tasks: number;
  readonly tasksDone: number;
  /** Multiply-adds of this stage's tasks that remain. */
  readonly work: number;
  /** The stages to come that have tasks. */
  readonly ahead: readonly StageAhead[];
}

export interface StageFinished {
  readonly stage: StageName;
  /** Over all starts of the run. */
  readonly seconds: number;
  /** One line for people: what came out. */
  readonly result: string;
}

export interface WorkDone {
  readonly stage: StageName;
  readonly task: string;
  /** Multiply-adds. */
  readonly work: number;
}

export interface TimeSpent {
  /** `distill.teacher`, `distill.wait`, `distill.checkpoint`, …; `distill.tasks`: all of a thread's time with tasks. */
  readonly on: string;
  /** Seconds of one thread. */
  readonly seconds: number;
  /** Where it is: `device 0`, `core 3`; absent: on whatever core is free. */
  readonly device?: string;
}

export interface RunFinished {
  readonly summary: RunSummary;
  /** The run's folder. */
  readonly folder: string;
}

/** A run as far as it has come. */
export interface ReportAsked {
  readonly summary: RunSoFar;
  /** The run's folder. */
  readonly folder: string;
  /** Whether the run is complete by now. @default false */
  readonly complete?: boolean;
  /** File to write in place of the run's own report, absolute: whoever follows a run leaves its folder alone. */
  readonly page?: string;
}

/** What there is of a summary: no architecture before the search, no networks before they are trained. */
export interface RunSoFar extends Omit<RunSummary, 'architecture' | 'rating'> {
  readonly architecture?: string;
  readonly rating?: number | null;
}

/** The found architecture's features beside the teacher's, for some images. */
export interface FeaturesCompared {
  /** The run's folder. */
  readonly folder: string;
  readonly split: Split;
  readonly image: FeatureShape;
  readonly images: readonly ComparedImage[];
  readonly blocks: readonly ComparedBlock[];
}
