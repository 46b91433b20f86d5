import type { StageAhead } from 'dna-nas/core/stages';
import { forecastWork, rangeOf, speedOf, type TimeRange, type WorkSoFar } from './forecast-work.js';

/**
 * How far a stage to come may be off, which is priced at the speed of another: up to twice as slow or as fast, up to four
 * times as fast as one that has just begun, and some seconds for what it opens and saves.
 */
const OTHER_STAGE_ERROR = { faster: 1, slower: 1, least: 3 };
const JUST_BEGUN_SECONDS = 20;
const JUST_BEGUN_ERROR = { ...OTHER_STAGE_ERROR, faster: 3 };

/** The stage at work, and those after it. */
export interface RunSoFarWork extends WorkSoFar {
  readonly ahead: readonly StageAhead[];
}

/**
 * What is left of a run: of its stage at work, and of each later one at the speed of that. Undefined while that is not
 * known: what a stage opens takes time, and tells nothing of others.
 */
export function forecastRun({ ahead, ...stage }: RunSoFarWork): TimeRange | undefined {
  const own = forecastWork(stage);
  const found = speedOf(stage);
  if (!own || !found || (ahead.length > 0 && !found.isOpen)) return undefined;
  const error = stage.now < JUST_BEGUN_SECONDS ? JUST_BEGUN_ERROR : OTHER_STAGE_ERROR;
  const ranges = [own, ...ahead.map(({ work }) => rangeOf(work / found.speed, error))];
  const sum = (of: (range: TimeRange) => number) => ranges.reduce((all, one) => all + of(one), 0);
  return {
    seconds: sum(({ seconds }) => seconds),
    low: sum(({ low }) => low),
    high: sum(({ high }) => high),
  };
}
