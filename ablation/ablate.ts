import { join, resolve } from 'node:path';
import { type ConfigRequest, resolveConfig, run } from 'dna-nas/configuration';
import type { Json } from 'dna-nas/core';
import type { ResolvedConfig } from 'dna-nas/core/config';
import type { RunEvent, RunOptions } from 'dna-nas/core/run';
import { DnaError } from 'dna-nas/errors';
import { Disk, nodeFiles } from 'dna-nas/files';
import { compareRuns, type SharedTasks, shareTasks, writeComparisonPage } from 'dna-nas/run-tools';
import { carriedOptions } from './carry-options.js';
import { type AblationEffect, effectsOf } from './effects.js';
import { badGrid, pointFailed } from './errors.js';
import { type Axis, requireGrid, requireSeeds } from './grid.js';
import { type Point, pointsOf, pointText } from './points.js';
import { type AblationRow, type PointResult, resultOf, rowsOf } from './rows.js';
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

export interface AblationOptions extends Pick<RunOptions, 'signal' | 'inline'> {
  /** Told of each point that begins, with the finished tasks that it has of another. */
  began?(at: PointAt, shared: SharedTasks | undefined): void;
  /** Told what the run of a point tells. */
  event?(event: RunEvent, at: PointAt): void;
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

/** A point with the request that `run` takes. */
interface Planned {
  readonly point: Point;
  readonly request: ConfigRequest;
}

/**
 * Runs every point of a grid as a run of its own, one after the other, and writes `table.md`, `table.csv` and
 * `table.json` after each, and `page.html` with the runs side by side once there are two. A point takes over the cells
 * and ratings of an earlier one that would come out the same. Complete runs are not repeated and stopped ones go on, so
 * the same command resumes.
 *
 * @throws DnaError `ABLATION_GRID` and `ABLATION_POINT` before anything runs, for a grid or a point that cannot;
 * `ABLATION_POINT` for a run that fails; `STOPPED`.
 */
export async function ablate(request: AblationRequest, options: AblationOptions = {}): Promise<Ablation> {
  requireGrid(request.axes);
  requireSeeds(request.seeds);
  const points = pointsOf(request.axes, request.seeds);
  const { name, runs, planned } = await plan(request, points);
  const project = resolve(request.base.project ?? process.cwd());
  const place = { name, folder: join(resolve(project, runs), name) };
  const results: PointResult[] = [];
  for (const { point, request: asked } of planned) {
    const at = { number: results.length + 1, all: points.length, text: pointText(point) };
    const complete = results.map((result) => join(place.folder, result.run));
    const result = await attempt(point, () => runPoint({ point, request: asked }, { complete, at, options }));
    results.push(result);
    write(ablationOf(place, request, results));
    if (results.length > 1) await writePage(place.folder, results);
    options.finished?.(result, { done: results.length, all: points.length, text: at.text });
  }
  return ablationOf(place, request, results);
}

async function runPoint(
  { point, request }: Planned,
  given: { readonly complete: readonly string[]; readonly at: PointAt; readonly options: AblationOptions },
): Promise<PointResult> {
  const { complete, at, options } = given;
  const { signal, inline, began, event } = options;
  const shared = await shareTasks(request, complete);
  began?.(at, shared);
  const summary = await run(request, {
    ...(signal && { signal }),
    ...(inline !== undefined && { inline }),
    ...(event && { onEvent: (told: RunEvent) => event(told, at) }),
  });
  return resultOf(point, summary!);
}

/** The page of the runs, as `dna compare` writes it. */
async function writePage(folder: string, results: readonly PointResult[]): Promise<void> {
  const runs = results.map(({ run }) => join(folder, run));
  await writeComparisonPage(compareRuns(runs), join(folder, 'page.html'));
}

async function plan(request: AblationRequest, points: readonly Point[]) {
  const bases = new Map<string | undefined, ResolvedConfig>();
  const baseOf = async (asked: ConfigRequest) => {
    const base = bases.get(asked.preset) ?? (await resolveConfig(asked));
    bases.set(asked.preset, base);
    return base;
  };
  let name = request.name;
  let runs = 'runs';
  const planned: Planned[] = [];
  for (const point of points) {
    await attempt(point, async () => {
      const asked = splitPreset(request.base, point);
      const base = await baseOf(asked.base);
      name ??= `ablation-${base.name}`;
      runs = String(base.machine.runs ?? runs);
      planned.push({
        point,
        request: await planPoint(point, { ...asked, resolved: base, runs: join(runs, name) }),
      });
    });
  }
  return { name: requireName(name!), runs, planned };
}

/** The request of one point, once it proves to be one that can run. */
async function planPoint(
  point: Point,
  from: Asked & { readonly resolved: ResolvedConfig; readonly runs: string },
): Promise<ConfigRequest> {
  const { base, settings, resolved, runs } = from;
  const carried = await carriedOptions(resolved, settings);
  const own = { seed: point.seed, name: point.name, runs, reports: ['json'] };
  const set = Object.entries<Json>({ ...carried, ...settings, ...own }).map(asSetting);
  const request = { ...base, set: [...(base.set ?? []), ...set] };
  await resolveConfig(request);
  return request;
}

/** A point's preset and what else it sets. */
interface Asked {
  readonly base: ConfigRequest;
  readonly settings: Readonly<Record<string, Json>>;
}

/** A level may name the preset that its points start from. */
function splitPreset(base: ConfigRequest, { settings }: Point): Asked {
  const { preset, ...rest } = settings;
  if (preset === undefined) return { base, settings: rest };
  if (typeof preset !== 'string')
    throw badGrid(`The preset ${JSON.stringify(preset)} is no name.`, '`dna presets` lists them.');
  return { base: { ...base, preset }, settings: rest };
}

function asSetting([path, value]: [string, Json]): string {
  return `${path}=${JSON.stringify(value)}`;
}

function requireName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name;
  throw badGrid(
    `The name ${JSON.stringify(name)} cannot be a folder's here.`,
    'Use letters, digits, ".", "_" and "-", beginning with a letter or digit.',
  );
}

/** Names the point in whatever goes wrong with it. */
async function attempt<Result>(point: Point, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DnaError && (error.code === 'STOPPED' || error.code === 'ABLATION_GRID'))
      throw error;
    throw pointFailed(pointText(point), error);
  }
}

function ablationOf(
  place: { readonly name: string; readonly folder: string },
  { axes, seeds }: AblationRequest,
  points: readonly PointResult[],
): Ablation {
  const names = axes.map(({ name }) => name);
  return { ...place, axes: names, seeds, rows: rowsOf(points), effects: effectsOf(names, points), points };
}

function write(ablation: Ablation): void {
  const { folder, axes, rows } = ablation;
  const { folder: _, ...stored } = ablation;
  const disk = new Disk(nodeFiles, folder, []);
  const put = (name: string, text: string) => disk.write(name, Buffer.from(text));
  disk.makeFolder();
  put('table.json', `${JSON.stringify(stored, null, 2)}\n`);
  put('table.md', markdownTables(ablation));
  put('table.csv', csvTable(axes, rows));
}
