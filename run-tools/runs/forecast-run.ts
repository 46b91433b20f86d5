import type { StageAhead } from 'dna-nas/core/stages';
import { forecastWork, rangeOf, speedOf, type TimeRange, type WorkSoFar } from './forecast-work.js';

/** How far a stage to come may be off, which is priced at the speed of another: up to twice as slow or as fast. */
const OTHER_STAGE_ERROR = { faster: 1, slower: 1, least: 3 };
/** What a stage to come takes to open what it needs, and to save what it has found. */
const OPENING_SECONDS = 1.5;
/**
 * One that has just begun is still becoming faster, and what comes may be up to four times as fast: until then no time is
 * told but a range. So it is for minutes where little has been done beside what is to come.
 */
const JUST_BEGUN_SECONDS = 20;
const LITTLE_DONE = { seconds: 600, share: 1 / 8 };
const JUST_BEGUN_ERROR = { ...OTHER_STAGE_ERROR, faster: 3 };

/** The stage at work, and those after it. */
export interface RunSoFarWork extends WorkSoFar {
  readonly ahead: readonly StageAhead[];
}

/** What is left of a run. */
export interface RunTimeRange extends Pick<TimeRange, 'low' | 'high'> {
  /** Absent while later stages are priced by one that has just begun. */
  readonly seconds?: number;
}

/**
 * What is left of a run: of its stage at work, and of each later one at the speed of that. Undefined while that is not
 * known: what a stage opens takes time, and tells nothing of others.
 */
export function forecastRun(soFar: RunSoFarWork): RunTimeRange | undefined {
  const { ahead } = soFar;
  const own = forecastWork(soFar);
  const found = speedOf(soFar);
  if (!own || !found || ahead.length === 0) return own;
  if (!found.isOpen) return undefined;
  const justBegun = hasJustBegun(soFar);
  const error = justBegun ? JUST_BEGUN_ERROR : OTHER_STAGE_ERROR;
  const later = ahead.map(({ work }) => rangeOf(work / found.speed + OPENING_SECONDS, error));
  const sum = (of: (range: TimeRange) => number) => later.reduce((all, one) => all + of(one), of(own));
  const [seconds, low, high] = [sum((one) => one.seconds), sum((one) => one.low), sum((one) => one.high)];
  return { ...(!justBegun && { seconds }), low, high };
}

function hasJustBegun({ now, work, left, ahead }: RunSoFarWork): boolean {
  const toCome = ahead.reduce((sum, stage) => sum + stage.work, 0);
  const isLittle = now < LITTLE_DONE.seconds && work - left < LITTLE_DONE.share * toCome;
  return now < JUST_BEGUN_SECONDS || isLittle;
}
