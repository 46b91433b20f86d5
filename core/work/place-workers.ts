import { availableParallelism } from 'node:os';
import type { Backend } from '../contracts/index.js';
import { devicesMissing } from '../errors.js';
import type { MachineOptions } from '../run/open-session.js';
import type { MachineUse, Neighbour } from '../store/neighbours.js';
import { ownCores } from '../store/own-cores.js';

/** Beyond these, threads on one machine's cores add little and take memory each. */
const MOST_WORKERS = 8;

/** What a run, or whoever executes its tasks, says of where it computes. */
export interface PlacementRequest extends Pick<MachineOptions, 'workers' | 'devices'> {
  /** Whether there is one task alone, for which everything is left. @default false */
  readonly single?: boolean;
}

/** Where one worker computes. Both absent: on whatever core is free. */
export interface WorkerPlacement {
  /** Number of a device of the backend's: a GPU. */
  readonly device?: number;
  /** Number of the core that its thread stays on. */
  readonly core?: number;
}

/** Where the workers of a process compute, one each. */
export type Placement = readonly WorkerPlacement[];

/**
 * Places the workers of a process on devices, in turn where there are more workers. Devices are what the backend has;
 * where it has none they are this process's cores, on which threads stay if they are named.
 * @throws DnaError `DEVICES_MISSING` for a device that is not there.
 */
export async function placeWorkers(backend: Backend, request: PlacementRequest): Promise<Placement> {
  const { devices = 'auto' } = request;
  const offered = (await backend.devices?.()) ?? [];
  if (offered.length > 0) return inTurn(choose(devices, offered, backend.name), 'device', request);
  const most = (await backend.mostWorkers?.()) ?? Number.POSITIVE_INFINITY;
  if (devices !== 'auto') {
    const cores = choose(devices, ownCores(), 'this process');
    return inTurn(cores, 'core', { ...request, workers: request.workers || Math.min(cores.length, most) });
  }
  const count = Math.min(availableParallelism(), most, MOST_WORKERS);
  return Array.from({ length: request.workers || (request.single ? 1 : count) }, () => ({}));
}

/** The place that the fewest of some processes use, the first of several. */
export function quietestPlace(placement: Placement, others: readonly Neighbour[]): WorkerPlacement {
  const users = ({ device, core }: WorkerPlacement) =>
    others.filter(({ devices, cores }) =>
      device !== undefined ? devices.includes(device) : cores.includes(core!),
    );
  return placement.reduce((least, place) => (users(place).length < users(least).length ? place : least));
}

/** What workers in these places use of the machine. */
export function useOf(placement: Placement): MachineUse {
  const cores = numbersOf(placement, 'core');
  const devices = numbersOf(placement, 'device');
  return { ...(cores.length > 0 && { cores }), ...(devices.length > 0 && { devices }) };
}

/** Of one worker: `device 0`, `core 3`; undefined where it is on whatever core is free. */
export function placeName({ device, core }: WorkerPlacement): string | undefined {
  if (device !== undefined) return `device ${device}`;
  return core === undefined ? undefined : `core ${core}`;
}

/** For people: ` on devices 0 and 1`; empty where workers are free. */
export function describePlacement(placement: Placement): string {
  const text = (kind: keyof WorkerPlacement) => {
    const numbers = numbersOf(placement, kind);
    if (numbers.length === 0) return '';
    return ` on ${kind}${numbers.length === 1 ? '' : 's'} ${numbers.join(', ').replace(/, (\d+)$/, ' and $1')}`;
  };
  return text('device') || text('core');
}

function numbersOf(placement: Placement, kind: keyof WorkerPlacement): number[] {
  return [...new Set(placement.flatMap((place) => place[kind] ?? []))];
}

function choose(
  wanted: 'auto' | readonly number[],
  offered: readonly number[],
  owner: string,
): readonly number[] {
  if (wanted === 'auto') return offered;
  const missing = wanted.filter((number) => !offered.includes(number));
  if (missing.length > 0) throw devicesMissing(missing, offered, owner);
  return wanted;
}

function inTurn(
  numbers: readonly number[],
  kind: keyof WorkerPlacement,
  { workers, single }: PlacementRequest,
): Placement {
  const count = workers || (single ? 1 : numbers.length);
  return Array.from({ length: count }, (_, index) => ({ [kind]: numbers[index % numbers.length]! }));
}
