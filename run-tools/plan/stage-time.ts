import { availableParallelism } from 'node:os';
import type { ImageReads, ReadKind, StageForecast } from 'dna-nas/core/stages';
import type { Speed } from './speed.js';

/** What a stage waits for: workers that compute, threads that read images, or cores that both of them need. */
export type StageBound = 'computing' | 'reading' | 'cores';

/** How long a stage takes. */
export interface StageTime {
  readonly hours: number;
  readonly bound: StageBound;
}

/** What is known of a stage's work. */
export type StageWork = Pick<StageForecast, 'macs' | 'longestTask'> & Partial<Pick<StageForecast, 'images'>>;

/**
 * The slowest of what goes on at the same time. Where computing and reading share cores, both together are slower than
 * either.
 */
export function stageTime(
  { macs, longestTask = 0, images = {} }: StageWork,
  { rate, speed, cores = availableParallelism() }: { rate: number; speed: Speed; cores?: number },
): StageTime {
  const { workers, busyCores } = speed;
  const each = rate / workers;
  // As many as there are tasks for, in the mean.
  const working = longestTask > 0 ? Math.min(workers, macs / longestTask) : workers;
  const seconds: Record<StageBound, number> = {
    computing: Math.max(macs / rate, longestTask / each),
    reading: sumOver(images, (kind, count) => count / (speed.reading?.[kind].images ?? Infinity)) / working,
    cores: 0,
  };
  const read = sumOver(images, (kind, count) => count * (speed.reading?.[kind].coreSeconds ?? 0));
  if (read > 0) seconds.cores = ((macs / each) * busyCores + read) / cores;
  const bounds = Object.entries(seconds) as [StageBound, number][];
  const [bound, most] = bounds.reduce((slowest, other) => (other[1] > slowest[1] ? other : slowest));
  return { hours: most / 3600, bound };
}

function sumOver(images: ImageReads, of: (kind: ReadKind, count: number) => number): number {
  const kinds = Object.entries(images) as [ReadKind, number][];
  return kinds.reduce((sum, [kind, count]) => sum + of(kind, count), 0);
}
