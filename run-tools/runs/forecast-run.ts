import type { StageAhead } from 'dna-nas/core/stages';
import { forecastWork, rangeOf, speedOf, type TimeRange, type WorkSoFar } from './forecast-work.js';

/** How far a stage to come may be off, which is priced at the speed of another: up to twice as slow or as fast. */
const OTHER_STAGE_ERROR = 1;

/** The stage at work, and those after it. */
export interface RunSoFarWork extends WorkSoFar {
  readonly ahead: readonly StageAhead[];
}

/** What is left of a run: of its stage at work, and of each later one at the speed of that. */
export function forecastRun({ ahead, ...stage }: RunSoFarWork): TimeRange | undefined {
  const own = forecastWork(stage);
  const speed = speedOf(stage)?.speed;
  if (!own || speed === undefined) return undefined;
  const ranges = [own, ...ahead.map(({ work }) => rangeOf(work / speed, OTHER_STAGE_ERROR))];
  const sum = (of: (range: TimeRange) => number) => ranges.reduce((all, one) => all + of(one), 0);
  return {
    seconds: sum(({ seconds }) => seconds),
    low: sum(({ low }) => low),
    high: sum(({ high }) => high),
  };
}
