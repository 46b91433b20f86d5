import { applyPlugins } from 'dna-nas/core/plugin';
import { placeRun } from 'dna-nas/core/run';
import type { Placement } from 'dna-nas/core/work';
import type { AblationOptions } from './ablate.js';
import type { PlannedGrid, PlannedPoint } from './plan-grid.js';

/** Where points compute, and how many at the same time. */
export interface SharedPlacement {
  readonly most: number;
  /** Absent where they run one after the other, each on all that it finds. */
  readonly placement?: Placement;
}

/**
 * The places of one run on this machine, for the points of a grid to share. Points that would be placed differently, as
 * those of two backends, run one after the other, and so do those of one thread.
 */
export async function sharedPlacement(
  { planned, project }: PlannedGrid,
  { parallel = 'auto', inline = false }: AblationOptions,
): Promise<SharedPlacement> {
  const [first] = planned as readonly [PlannedPoint];
  const isAlike = planned.every((each) => whereabouts(each) === whereabouts(first));
  if (inline || !isAlike || parallel === 1 || planned.length === 1) return { most: 1 };
  const run = await applyPlugins(first.config, { project, main: false });
  const placement = await placeRun(run, first.config.machine);
  const most = Math.min(planned.length, parallel === 'auto' ? placement.length : parallel);
  return most === 1 ? { most } : { most, placement };
}

/** All that the placement of a run depends on. */
function whereabouts({ config }: PlannedPoint): string {
  const { machine, values } = config;
  const own = Object.entries(machine).filter(([path]) => /^(workers|devices|backend\..*)$/.test(path));
  return JSON.stringify([values.backend, Object.fromEntries(own), values.architecture !== undefined]);
}
