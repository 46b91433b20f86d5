import type { StageAhead } from 'dna-nas/core/stages';
import {
  forecastWork,
  REHEARSAL_ERROR,
  rangeOf,
  speedOf,
  type TimeRange,
  type WorkSoFar,
} from './forecast-work.js';

/** How far a stage to come may be off that had no rehearsal and is priced at the speed of another. */
const UNKNOWN_ERROR = 2;

/** The stage at work, and those after it. */
export interface RunSoFarWork extends WorkSoFar {
  readonly ahead: readonly StageAhead[];
}

/** What is left of a run: of its stage at work, and of each later one at the speed that its rehearsal found. */
export function forecastRun({ ahead, ...stage }: RunSoFarWork): TimeRange | undefined {
  const own = forecastWork(stage);
  const speed = speedOf(stage)?.speed;
  if (!own || speed === undefined) return undefined;
  const later = ahead.map(({ work, seconds }) =>
    seconds === undefined ? rangeOf(work / speed, UNKNOWN_ERROR) : rangeOf(seconds, REHEARSAL_ERROR),
  );
  const sum = (of: (range: TimeRange) => number) => [own, ...later].reduce((all, one) => all + of(one), 0);
  return {
    seconds: sum(({ seconds }) => seconds),
    low: sum(({ low }) => low),
    high: sum(({ high }) => high),
  };
}
