import { join } from 'node:path';
import { type ConfigRequest, run } from 'dna-nas/configuration';
import { stopped } from 'dna-nas/core';
import type { RunEvent, RunOptions } from 'dna-nas/core/run';
import type { DnaError } from 'dna-nas/errors';
import { Disk, nodeFiles } from 'dna-nas/files';
import {
  compareRuns,
  type SharedTasks,
  shareTasks,
  trainingIdentity,
  writeComparisonPage,
} from 'dna-nas/run-tools';
import { type AblationEffect, effectsOf } from './effects.js';
import { attempt, pointsFailed } from './errors.js';
import { type Axis, requireGrid, requireSeeds } from './grid.js';
import { type PlannedGrid, type PlannedPoint, planGrid } from './plan-grid.js';
import { MACHINE_MEMORY, type MemoryReading, PointQueue, type Turn } from './point-queue.js';
import { pointText } from './points.js';
import { type AblationRow, type PointResult, resultOf, rowsOf } from './rows.js';
import { sharedPlacement } from './shared-placement.js';
import { csvTable, markdownTables } from './table.js';

/** A grid of runs on one configuration. */
export interface AblationRequest {
  /** The configuration that every point starts from. */
  readonly base: ConfigRequest;
  readonly axes: readonly Axis[];
  readonly seeds: readonly number[];
  /** Folder below `runs` for the runs and the tables. @default `ablation-<name of the base>` */
  readonly name?: string;
}

/** A point among all: `number` counts from 1, and `text` says what it is. */
export interface PointAt {
  readonly number: number;
  readonly all: number;
  readonly text: string;
}

/** How the points of a grid share this machine. */
export interface GridPlacement {
  readonly points: number;
  /** Points at the same time, at most. */
  readonly together: number;
  /** Worker threads that they have between them; undefined where each point places its own. */
  readonly workers: number | undefined;
}

export interface AblationOptions extends Pick<RunOptions, 'signal' | 'inline'> {
  /**
   * Points that run at the same time, at most. They share the workers that a run alone would have, and each has the
   * bits that it would have alone. `auto`: as many as there are workers, as far as memory allows.
   * @default 'auto'
   */
  readonly parallel?: 'auto' | number;
  /** By what `auto` goes. @default that of this machine */
  readonly memory?: MemoryReading;
  /** Told before the first point begins. */
  placed?(placement: GridPlacement): void;
  /** Told of each point that begins, with the finished tasks that it has of another. */
  began?(at: PointAt, shared: SharedTasks | undefined): void;
  /** Told what the run of a point tells. */
  event?(event: RunEvent, at: PointAt): void;
  /** Told of each point that failed; the others go on. */
  failed?(error: DnaError, at: PointAt): void;
  /** Told of each point that is complete, `done` of `all`. */
  finished?(
    result: PointResult,
    at: { readonly done: number; readonly all: number; readonly text: string },
  ): void;
}

/** What came out of a grid. */
export interface Ablation {
  readonly name: string;
  readonly folder: string;
  readonly axes: readonly string[];
  readonly seeds: readonly number[];
  readonly rows: readonly AblationRow[];
  readonly effects: readonly AblationEffect[];
  readonly points: readonly PointResult[];
}

/**
 * Runs every point of a grid as a run of its own, several at the same time, and writes `table.md`, `table.csv` and
 * `table.json` after each, and `page.html` with the runs side by side once there are two. A point takes over the cells
 * and ratings of an earlier one that would come out the same, and waits for them. Complete runs are not repeated and
 * stopped ones go on, so the same command resumes.
 *
 * @throws DnaError `ABLATION_GRID` and `ABLATION_POINT` before anything runs, for a grid or a point that cannot;
 * `ABLATION_POINT` for runs that failed, once all others are complete; `STOPPED`.
 */
export async function ablate(request: AblationRequest, options: AblationOptions = {}): Promise<Ablation> {
  requireGrid(request.axes);
  requireSeeds(request.seeds);
  const grid = new GridRun(request, await planGrid(request), options);
  return grid.run();
}

/** One start of a grid. */
class GridRun {
  readonly #request: AblationRequest;
  readonly #grid: PlannedGrid;
  readonly #options: AblationOptions;
  readonly #results = new Map<PlannedPoint, PointResult>();
  readonly #failures: DnaError[] = [];
  /** Folders of runs whose cells are trained and rated. */
  readonly #offers: string[] = [];
  #share: number | undefined;
  #page: Promise<void> = Promise.resolve();

  constructor(request: AblationRequest, grid: PlannedGrid, options: AblationOptions) {
    this.#request = request;
    this.#grid = grid;
    this.#options = options;
  }

  async run(): Promise<Ablation> {
    const { planned } = this.#grid;
    const { signal, memory = MACHINE_MEMORY, parallel = 'auto' } = this.#options;
    const { placement, most } = await sharedPlacement(this.#grid, this.#options);
    this.#share = placement?.length;
    this.#options.placed?.({ points: planned.length, together: most, workers: placement?.length });
    const points = planned.map((each) => ({
      key: trainingIdentity(each.config),
      run: (turn: Turn) => this.#runPoint(each, turn),
    }));
    const queue = new PointQueue(points, {
      ...{ most, placement, signal },
      memory: parallel === 'auto' ? memory : undefined,
    });
    await queue.run();
    await this.#page;
    if (this.#results.size + this.#failures.length < planned.length) throw stopped();
    if (this.#failures.length > 0) throw pointsFailed(this.#failures);
    return this.#ablation();
  }

  /** Whatever comes of it is kept here. */
  async #runPoint(each: PlannedPoint, turn: Turn): Promise<void> {
    const { planned } = this.#grid;
    const text = pointText(each.point);
    const all = planned.length;
    const at = { number: planned.indexOf(each) + 1, all, text };
    try {
      const result = await attempt(each.point, () => this.#attempt(each, at, turn));
      this.#results.set(each, result);
      this.#offer(result.run);
      this.#write();
      this.#options.finished?.(result, { done: this.#results.size, all, text });
    } catch (error) {
      if ((error as DnaError).code === 'STOPPED') return;
      this.#failures.push(error as DnaError);
      this.#options.failed?.(error as DnaError, at);
    }
  }

  async #attempt({ point, request }: PlannedPoint, at: PointAt, turn: Turn): Promise<PointResult> {
    const { signal, inline, began, event } = this.#options;
    const { placement } = turn;
    began?.(at, await shareTasks(request, this.#offers));
    const summary = await run(request, {
      ...(signal && { signal }),
      ...(inline !== undefined && { inline }),
      ...(placement && { places: { placement, share: this.#share! } }),
      onEvent: (told) => {
        if (told.event === 'workDone') turn.worked();
        if (told.event === 'stageStarted' && AFTER_RATING.has(told.data.stage)) {
          this.#offer(point.name);
          turn.shared();
        }
        event?.(told, at);
      },
    });
    return resultOf(point, summary!);
  }

  #offer(run: string): void {
    const folder = join(this.#grid.folder, run);
    if (!this.#offers.includes(folder)) this.#offers.push(folder);
  }

  /** Tables and page of what is complete, in the points' order. */
  #write(): void {
    const ablation = this.#ablation();
    writeTables(ablation);
    if (ablation.points.length < 2) return;
    const runs = ablation.points.map(({ run }) => join(ablation.folder, run));
    const write = () => writeComparisonPage(compareRuns(runs), join(ablation.folder, 'page.html'));
    this.#page = this.#page.then(write);
    // Its error is that of the whole, which waits for it.
    this.#page.catch(() => undefined);
  }

  #ablation(): Ablation {
    const { name, folder, planned } = this.#grid;
    const { axes, seeds } = this.#request;
    const points = planned.flatMap((each) => this.#results.get(each) ?? []);
    const names = axes.map((axis) => axis.name);
    return {
      ...{ name, folder, axes: names, seeds },
      ...{ rows: rowsOf(points), effects: effectsOf(names, points), points },
    };
  }
}

/** Stages in which all cells are trained and rated. */
const AFTER_RATING: ReadonlySet<string> = new Set(['search', 'retrain', 'report']);

function writeTables(ablation: Ablation): void {
  const { folder, axes, rows } = ablation;
  const { folder: _, ...stored } = ablation;
  const disk = new Disk(nodeFiles, folder, []);
  const put = (name: string, text: string) => disk.write(name, Buffer.from(text));
  disk.makeFolder();
  put('table.json', `${JSON.stringify(stored, null, 2)}\n`);
  put('table.md', markdownTables(ablation));
  put('table.csv', csvTable(axes, rows));
}
