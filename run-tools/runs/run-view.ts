import { basename } from 'node:path';
import { storedConfig } from 'dna-nas/core/config';
import { runTimes, STAGES } from 'dna-nas/core/run';
import type { StageAhead, StageName, Task } from 'dna-nas/core/stages';
import { type AttachedRunFolder, attachRunFolder } from 'dna-nas/core/store';
import type {
  JournalEntry,
  MetricsEpoch,
  MetricsPoint,
  MetricsRatings,
  MetricsReader,
  TaskMetrics,
} from 'dna-nas/files';
import { type LossPoint, lossCurve } from '../loss-curves.js';
import { forecastRun, type RunTimeRange } from './forecast-run.js';
import { forecastWork, type TimeRange } from './forecast-work.js';
import type { RunState } from './list-runs.js';

/** A stage that has come, or has tasks. */
export interface StageView {
  readonly stage: StageName;
  readonly state: 'done' | 'begun' | 'to come';
  /** Over all starts, those that were left. */
  readonly seconds?: number;
  readonly tasks: number;
  readonly finished: number;
  /** Of its work, 0 to 1. */
  readonly share: number;
}

/** A task that is laid out. */
export interface TaskView {
  readonly id: string;
  readonly stage: Task['stage'];
  /** Counted from 0, of the training or rating of a cell. */
  readonly block?: number;
  readonly cell?: number;
  readonly state: 'finished' | 'claimed' | 'open';
  /** Of its work, 0 to 1. */
  readonly share: number;
  readonly curve: readonly LossPoint[];
  readonly ratings?: MetricsRatings;
  readonly epoch?: MetricsEpoch;
}

/** What the last minute was like; of all tasks together. */
export interface SpeedView {
  readonly macsPerSecond: number;
  readonly stepsPerSecond: number;
  readonly imagesPerSecond: number;
  /** Share of the threads' time that they stood still, 0 to 1. */
  readonly waited: number;
}

/** A run as its folder shows it. */
export interface RunView {
  readonly name: string;
  readonly preset: string | null;
  readonly state: Exclude<RunState, 'damaged' | 'foreign'>;
  /** Who works on it. */
  readonly host?: string;
  /** Over all stages that were left, and of the stage that is begun, since its last start. */
  readonly seconds: number;
  readonly stages: readonly StageView[];
  readonly tasks: readonly TaskView[];
  readonly speed?: SpeedView;
  /** Bytes of memory of the largest process. */
  readonly memory?: number;
  /** Seconds until the stage that is begun is over. */
  readonly stageLeft?: TimeRange;
  /** Seconds until the run is over; absent where its version did not tell what is to come. */
  readonly runLeft?: RunTimeRange;
}

const RECENT = 60_000;

/** Looks at a run again and again, each time at what was added since. */
export class RunViewer {
  readonly #folder: AttachedRunFolder;
  readonly #clock: () => number;
  readonly #metrics = new Map<string, MetricsReader>();

  /** @param clock milliseconds since 1970. @throws DnaError `RUN_NOT_FOUND`. */
  constructor(path: string, clock: () => number = Date.now) {
    this.#folder = attachRunFolder(path);
    this.#clock = clock;
  }

  look(): RunView {
    const folder = this.#folder;
    const { preset } = storedConfig(folder.readJson('config'));
    const looked = folder.taskIds().flatMap((id) => this.#lookAt(folder.readTask(id)));
    const complete = folder.readJson('outcome') !== undefined;
    const host = complete ? undefined : this.#worker(looked);
    const stages = this.#stages(looked, complete);
    const begun = stages.find(({ state }) => state === 'begun');
    const start = begun && this.#startOf(begun.stage);
    const since = start && Date.parse(start.time);
    const now = this.#clock();
    const memory = Math.max(0, ...looked.map(({ metrics }) => metrics?.memory ?? 0));
    const speed = host === undefined ? undefined : speedOf(looked, now);
    const current = looked.filter(({ task }) => task.stage === begun?.stage);
    const left = host === undefined || !start ? {} : leftOf(current, start, now);
    return {
      ...{ name: basename(folder.path), preset, stages, tasks: looked.map(viewOf) },
      state: complete ? 'complete' : host === undefined ? 'stopped' : 'working',
      seconds:
        runTimes(folder).seconds + (host !== undefined && since !== undefined ? (now - since) / 1000 : 0),
      ...(host !== undefined && { host }),
      ...(speed && { speed }),
      ...(memory > 0 && { memory }),
      ...left,
    };
  }

  #lookAt(task: Task | undefined): Looked[] {
    if (!task) return [];
    const finished = this.#folder.hasResult(task.id);
    const reader = this.#metrics.get(task.id) ?? this.#folder.metricsReader(task.id);
    this.#metrics.set(task.id, reader);
    const metrics = reader.read();
    const claimant = finished ? undefined : this.#folder.claimant(task.id)?.host;
    return [{ task, finished, metrics, claimant }];
  }

  /** Host of whoever works on the run, or on one of its tasks. */
  #worker(looked: readonly Looked[]): string | undefined {
    return this.#folder.worker()?.host ?? looked.find(({ claimant }) => claimant !== undefined)?.claimant;
  }

  #stages(looked: readonly Looked[], complete: boolean): StageView[] {
    const { stages: times } = runTimes(this.#folder);
    const last = this.#folder.readJournal().findLast(({ event }) => event === 'stageStarted')?.stage;
    return STAGES.filter((stage) => stage in times || stage === last || looked.some(isOf(stage))).map(
      (stage) => {
        const own = looked.filter(isOf(stage));
        const finished = own.filter((one) => one.finished).length;
        const over =
          complete || (stage in times && STAGES.indexOf(stage) < STAGES.indexOf(last as StageName));
        const state = over ? 'done' : stage === last ? 'begun' : 'to come';
        const work = own.reduce((sum, { task }) => sum + task.work, 0);
        const done = own.reduce((sum, one) => sum + one.task.work * shareOf(one), 0);
        return {
          ...{ stage, state, tasks: own.length, finished },
          share: over ? 1 : work > 0 ? done / work : 0,
          ...(stage in times && { seconds: times[stage]! }),
        };
      },
    );
  }

  /** What the journal says of the stage's last start. */
  #startOf(stage: StageName): JournalEntry | undefined {
    return this.#folder
      .readJournal()
      .findLast((entry) => entry.event === 'stageStarted' && entry.stage === stage);
  }
}

interface Looked {
  readonly task: Task;
  readonly finished: boolean;
  readonly metrics: TaskMetrics | undefined;
  readonly claimant: string | undefined;
}

const isOf =
  (stage: StageName) =>
  ({ task }: Looked) =>
    task.stage === stage;

function workOf({ metrics }: Looked): number {
  return metrics?.points.reduce((sum, { work }) => sum + work, 0) ?? 0;
}

function shareOf(looked: Looked): number {
  if (looked.finished) return 1;
  return looked.task.work > 0 ? Math.min(1, workOf(looked) / looked.task.work) : 0;
}

const MOST_POINTS = 64;

function viewOf(looked: Looked): TaskView {
  const { task, finished, metrics, claimant } = looked;
  const { block, cell } = task.input as { block?: number; cell?: number };
  const epoch = metrics?.epochs.at(-1);
  return {
    ...{ id: task.id, stage: task.stage, share: shareOf(looked) },
    state: finished ? 'finished' : claimant === undefined ? 'open' : 'claimed',
    curve: lossCurve(metrics?.points ?? [], MOST_POINTS),
    ...(block !== undefined && { block }),
    ...(cell !== undefined && { cell }),
    ...(metrics?.ratings && { ratings: metrics.ratings }),
    ...(epoch && { epoch }),
  };
}

/** Undefined where nothing was told in the last minute. */
function speedOf(looked: readonly Looked[], now: number): SpeedView | undefined {
  const recent = looked.map(({ metrics }) =>
    (metrics?.points ?? []).filter(({ time }) => time > now - RECENT),
  );
  const points = recent.flat();
  const last = Math.max(...points.map(({ time }) => time));
  const first = Math.min(...points.map(({ time, seconds }) => time - 1000 * seconds));
  const seconds = (last - first) / 1000;
  if (points.length === 0 || seconds <= 0) return undefined;
  const sum = (of: (point: MetricsPoint) => number) => points.reduce((all, point) => all + of(point), 0);
  return {
    macsPerSecond: sum(({ work }) => work) / seconds,
    stepsPerSecond: sum(({ steps }) => steps) / seconds,
    imagesPerSecond: sum(({ images = 0 }) => images) / seconds,
    waited:
      sum(({ waited }) => waited) /
      Math.max(
        1e-9,
        sum((point) => point.seconds),
      ),
  };
}

/** What is left of the stage at work, and of the run, for which the start tells what is to come. */
function leftOf(
  looked: readonly Looked[],
  start: JournalEntry,
  clock: number,
): Pick<RunView, 'stageLeft' | 'runLeft'> {
  const since = Date.parse(start.time);
  const { ahead } = start as { readonly ahead?: readonly StageAhead[] };
  const work = looked.reduce((sum, { task }) => sum + task.work, 0);
  const left = looked.reduce((sum, one) => sum + one.task.work * (1 - shareOf(one)), 0);
  const points = looked
    .flatMap(({ metrics }) => metrics?.points ?? [])
    .filter(({ time }) => time > since)
    .sort((one, other) => one.time - other.time);
  const done = points.map((point) => ({ at: (point.time - since) / 1000, work: point.work }));
  const stage = { done, left, work, now: (clock - since) / 1000 };
  const [stageLeft, runLeft] = [forecastWork(stage), ahead && forecastRun({ ...stage, ahead })];
  return { ...(stageLeft && { stageLeft }), ...(runLeft && { runLeft }) };
}
