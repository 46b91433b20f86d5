import { join, resolve } from 'node:path';
import { type ConfigRequest, resolveConfig } from 'dna-nas/configuration';
import type { Json } from 'dna-nas/core';
import type { ResolvedConfig } from 'dna-nas/core/config';
import type { AblationRequest } from './ablate.js';
import { carriedOptions } from './carry-options.js';
import { attempt, badGrid } from './errors.js';
import { type Point, pointsOf } from './points.js';

/** A point with the request that `run` takes, and what that resolves to. */
export interface PlannedPoint {
  readonly point: Point;
  readonly request: ConfigRequest;
  readonly config: ResolvedConfig;
}

/** A grid of points that can run. */
export interface PlannedGrid {
  readonly name: string;
  /** Of the runs and tables, absolute. */
  readonly folder: string;
  /** Folder that relative paths start from, absolute. */
  readonly project: string;
  readonly planned: readonly PlannedPoint[];
}

/** Lays the points of a grid out. @throws DnaError `ABLATION_GRID`, `ABLATION_POINT` for one that cannot run */
export async function planGrid(request: AblationRequest): Promise<PlannedGrid> {
  const bases = new Map<string | undefined, ResolvedConfig>();
  const baseOf = async (asked: ConfigRequest) => {
    const base = bases.get(asked.preset) ?? (await resolveConfig(asked));
    bases.set(asked.preset, base);
    return base;
  };
  let name = request.name;
  let runs = 'runs';
  const planned: PlannedPoint[] = [];
  for (const point of pointsOf(request.axes, request.seeds)) {
    await attempt(point, async () => {
      const asked = splitPreset(request.base, point);
      const base = await baseOf(asked.base);
      name ??= `ablation-${base.name}`;
      runs = String(base.machine.runs ?? runs);
      planned.push(await planPoint(point, { ...asked, resolved: base, runs: join(runs, name) }));
    });
  }
  const project = resolve(request.base.project ?? process.cwd());
  const checked = requireName(name!);
  return { name: checked, folder: join(resolve(project, runs), checked), project, planned };
}

/** One point, once it proves to be one that can run. */
async function planPoint(
  point: Point,
  from: PointRequest & { readonly resolved: ResolvedConfig; readonly runs: string },
): Promise<PlannedPoint> {
  const { base, settings, resolved, runs } = from;
  const carried = await carriedOptions(resolved, settings);
  const own = { seed: point.seed, name: point.name, runs, reports: ['json'] };
  const set = Object.entries<Json>({ ...carried, ...settings, ...own }).map(asSetting);
  const request = { ...base, set: [...(base.set ?? []), ...set] };
  return { point, request, config: await resolveConfig(request) };
}

/** A point's preset and what else it sets. */
interface PointRequest {
  readonly base: ConfigRequest;
  readonly settings: Readonly<Record<string, Json>>;
}

/** A level may name the preset that its points start from. */
function splitPreset(base: ConfigRequest, { settings }: Point): PointRequest {
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
