import { AsyncSeriesBailHook, AsyncSeriesHook, AsyncSeriesWaterfallHook } from 'tapable';
import type {
  Augmentation,
  Backend,
  Block,
  DataSource,
  DistillStep,
  DistillStepFactory,
  FeatureLoss,
  Launcher,
  OptimiserFactory,
  Partition,
  PathSampler,
  Rating,
  ScheduleFactory,
  SearchSpace,
  Supernet,
  TeacherSource,
} from './contracts/index.js';
import type { RunsCompared } from './run-comparison.js';
import type {
  FeaturesCompared,
  ReportAsked,
  RunFinished,
  StageFinished,
  StageStarted,
  TimeSpent,
  WorkDone,
} from './run-events.js';
import type {
  CellRatings,
  CellTrained,
  CheckpointSaved,
  DistillStage,
  EpochFinished,
  RankStage,
  RatedCandidate,
  RatingScale,
  RetrainStage,
  RunSummary,
  SearchResult,
  SearchStage,
  StepFinished,
} from './stages/index.js';

/** What a resolve hook is asked with: where in the configuration the answer is wanted. */
export interface Request {
  /** The slot (`distill.loss`); a plugin chosen for another slot is not asked. */
  readonly slot: string;
}

/** Answered by the first tap that does not give undefined. */
export type Resolve<Answer> = AsyncSeriesBailHook<[Request], Answer | undefined>;
/** Each tap is given what the one before it made. */
export type Change<Value> = AsyncSeriesWaterfallHook<[Value]>;
/** Every tap is notified, one after the other. */
export type Notify<Event> = AsyncSeriesHook<[Event]>;

/** All hooks of a run. A name tells its kind: `resolveX` asks, a noun changes a value, a past tense notifies. */
export interface RunHooks {
  /** The tensor backend. */
  readonly resolveBackend: Resolve<Backend>;
  /** The data set. */
  readonly resolveData: Resolve<DataSource>;
  /** The trained network that teaches. */
  readonly resolveTeacher: Resolve<TeacherSource>;
  /** The rule that cuts teacher and student into blocks. */
  readonly resolvePartition: Resolve<Partition>;
  /** The space of student networks. */
  readonly resolveSpace: Resolve<SearchSpace>;
  /** How cells share weights. */
  readonly resolveSupernet: Resolve<Supernet>;
  /** How a step's path is drawn. */
  readonly resolveSampler: Resolve<PathSampler>;
  /** How cells are trained: the tasks of the distill stage. */
  readonly resolveDistill: Resolve<DistillStage>;
  /** One optimiser step of one cell. */
  readonly resolveStep: Resolve<DistillStepFactory>;
  /** The distance between the student's and the teacher's feature maps. */
  readonly resolveLoss: Resolve<FeatureLoss>;
  /** The optimiser of a slot (`distill.optimiser`, `retrain.optimiser`). */
  readonly resolveOptimiser: Resolve<OptimiserFactory>;
  /** The learning rate of a slot (`distill.learningRate`, `retrain.learningRate`). */
  readonly resolveSchedule: Resolve<ScheduleFactory>;
  /** How candidates are rated: the tasks of the rank stage. */
  readonly resolveRank: Resolve<RankStage>;
  /** The distance that a candidate's rating is. */
  readonly resolveRating: Resolve<Rating>;
  /** What a search adds up over blocks: their ratings on one scale. */
  readonly resolveScale: Resolve<RatingScale>;
  /** How the best network is found. */
  readonly resolveSearch: Resolve<SearchStage>;
  /** How networks are trained from scratch: the tasks of the retrain stage. */
  readonly resolveRetrain: Resolve<RetrainStage>;
  /** Where the tasks are executed. */
  readonly resolveLauncher: Resolve<Launcher>;

  /** The backend that was resolved. */
  readonly backend: Change<Backend>;
  /** The data set that was resolved, before it is opened. */
  readonly data: Change<DataSource>;
  /** The teacher that was resolved, before it is loaded. */
  readonly teacher: Change<TeacherSource>;
  /** The rule of partition that was resolved. */
  readonly partition: Change<Partition>;
  /** The search space that was resolved: wrap it to leave cells out, or to price more (`addCosts`). */
  readonly space: Change<SearchSpace>;
  /** The supernet that was resolved. */
  readonly supernet: Change<Supernet>;
  /** The sampler that was resolved. */
  readonly sampler: Change<PathSampler>;
  /** The distillation that was resolved. */
  readonly distill: Change<DistillStage>;
  /** What makes the step of each cell, as it was resolved. */
  readonly stepFactory: Change<DistillStepFactory>;
  /** The loss that was resolved. */
  readonly loss: Change<FeatureLoss>;
  /** The optimiser that was resolved. */
  readonly optimiser: Change<OptimiserFactory>;
  /** The learning-rate schedule that was resolved. */
  readonly schedule: Change<ScheduleFactory>;
  /** The ranking that was resolved. */
  readonly rank: Change<RankStage>;
  /** The rating that was resolved. */
  readonly rating: Change<Rating>;
  /** The scale of ratings that was resolved. */
  readonly scale: Change<RatingScale>;
  /** The search that was resolved. */
  readonly search: Change<SearchStage>;
  /** The retraining that was resolved. */
  readonly retrain: Change<RetrainStage>;
  /** The launcher that was resolved. */
  readonly launcher: Change<Launcher>;

  /** The augmentations of training images, in order. */
  readonly augmentations: Change<readonly Augmentation[]>;
  /** The blocks that the partition made. */
  readonly blocks: Change<readonly Block[]>;
  /** The step of one cell, once it is made. */
  readonly step: Change<DistillStep>;
  /** All ratings so far, after each round: the next round and the search go by what comes back. */
  readonly ratings: Change<readonly CellRatings[]>;
  /** What the search found, before it is retrained. */
  readonly found: Change<SearchResult>;
  /** The summary, before it is written and reported. */
  readonly summary: Change<RunSummary>;

  /** A stage begins. */
  readonly stageStarted: Notify<StageStarted>;
  /** A stage has ended. */
  readonly stageFinished: Notify<StageFinished>;
  /** Some work of a task is done: for progress and the time left. */
  readonly workDone: Notify<WorkDone>;
  /** An optimiser step has ended. */
  readonly stepFinished: Notify<StepFinished>;
  /** An epoch has ended. */
  readonly epochFinished: Notify<EpochFinished>;
  /** A cell is trained. */
  readonly cellTrained: Notify<CellTrained>;
  /** A candidate is rated. */
  readonly candidateRated: Notify<RatedCandidate>;
  /** A checkpoint is on the disk. */
  readonly checkpointSaved: Notify<CheckpointSaved>;
  /** Seconds were spent on something, by name: the ledger of a run. */
  readonly timeSpent: Notify<TimeSpent>;
  /** Something the user should know and need not act on. */
  readonly noticed: Notify<string>;
  /** The run has failed or was stopped. */
  readonly runFailed: Notify<Error>;
  /** The run is complete. */
  readonly runFinished: Notify<RunFinished>;
  /** A report of a run was asked for that is not complete. */
  readonly reportAsked: Notify<ReportAsked>;
  /** A report was asked for with feature maps: told before `runFinished` or `reportAsked`. */
  readonly featuresCompared: Notify<FeaturesCompared>;
  /** A page was asked for that lays several runs side by side. */
  readonly runsCompared: Notify<RunsCompared>;
}

const resolve = <Answer>(): Resolve<Answer> =>
  new AsyncSeriesBailHook<[Request], Answer | undefined>(['request']);
const change = <Value>(): Change<Value> => new AsyncSeriesWaterfallHook<[Value]>(['value']);
const notify = <Event>(): Notify<Event> => new AsyncSeriesHook<[Event]>(['event']);

/** What is asked for, and the noun whose waterfall each answer passes through, so that any of them can be wrapped. */
export const ANSWERS = {
  resolveBackend: 'backend',
  resolveData: 'data',
  resolveTeacher: 'teacher',
  resolvePartition: 'partition',
  resolveSpace: 'space',
  resolveSupernet: 'supernet',
  resolveSampler: 'sampler',
  resolveDistill: 'distill',
  resolveStep: 'stepFactory',
  resolveLoss: 'loss',
  resolveOptimiser: 'optimiser',
  resolveSchedule: 'schedule',
  resolveRank: 'rank',
  resolveRating: 'rating',
  resolveScale: 'scale',
  resolveSearch: 'search',
  resolveRetrain: 'retrain',
  resolveLauncher: 'launcher',
} as const satisfies Record<Extract<keyof RunHooks, `resolve${string}`>, keyof RunHooks>;

/** The hooks by which a run tells what happens. */
export const RUN_EVENTS = [
  'stageStarted',
  'stageFinished',
  'workDone',
  'stepFinished',
  'epochFinished',
  'cellTrained',
  'candidateRated',
  'checkpointSaved',
  'timeSpent',
  'noticed',
  'runFailed',
  'runFinished',
] as const satisfies readonly (keyof RunHooks)[];

/** A hook of each of some names. */
function hooksOf<Name extends keyof RunHooks>(
  names: readonly Name[],
  make: () => unknown,
): Pick<RunHooks, Name> {
  return Object.fromEntries(names.map((name) => [name, make()])) as Pick<RunHooks, Name>;
}

/** A fresh, frozen table: one a run and thread. */
export function createHooks(): RunHooks {
  return Object.freeze<RunHooks>({
    ...hooksOf(Object.keys(ANSWERS) as (keyof typeof ANSWERS)[], resolve),
    ...hooksOf(Object.values(ANSWERS), change),
    augmentations: change(),
    blocks: change(),
    step: change(),
    ratings: change(),
    found: change(),
    summary: change(),
    ...hooksOf(RUN_EVENTS, notify),
    reportAsked: notify(),
    featuresCompared: notify(),
    runsCompared: notify(),
  });
}
