import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageAhead } from 'dna-nas/core/stages';
import { forecastRun, forecastWork, type RunTimeRange, type WorkSoFar } from 'dna-nas/run-tools/runs';
import { expect, test } from 'vitest';

/**
 * Whole runs, three of each, as `record-run.mjs` has recorded them on two idle cores: `dna run … --plugin
 * ./record-run.mjs` with `RECORD_TO=FILE`. Own images are the 120 drawings of docs/how-to/own-data.md.
 */
const FOLDER = join(import.meta.dirname, '../golden/forecast');

/** Seconds of the clock, and of the processor. */
type Moment = readonly [clock: number, processor: number];

interface RecordedStage {
  readonly stage: string;
  readonly began: Moment;
  readonly ended: Moment;
  readonly tasks: number;
  readonly work: number;
  readonly ahead: readonly StageAhead[];
  readonly done: readonly (readonly [...Moment, Readonly<Record<string, number>>])[];
}

/** What was forecast at some time, and what came. */
interface Prediction {
  readonly forecast: RunTimeRange;
  readonly rest: number;
}

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

function stagesOf(file: string): readonly RecordedStage[] {
  return (JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { stages: RecordedStage[] }).stages;
}

/** Each report of a stage, from a share of its work to another. */
function reports({ began, work, done }: RecordedStage, [from, to]: readonly [number, number]) {
  const all = done.map(([at, , works]) => ({
    at: at - began[0],
    work: Object.values(works).reduce((sum, one) => sum + one, 0),
  }));
  return all.flatMap(({ at }, index): (WorkSoFar & { now: number })[] => {
    const told = all.slice(0, index + 1);
    const left = work - told.reduce((sum, one) => sum + one.work, 0);
    const share = 1 - left / work;
    if (share < from || share >= to) return [];
    return [{ done: told, left, work, now: at }];
  });
}

function ofRun(file: string, shares: readonly [number, number]): Prediction[] {
  const stages = stagesOf(file);
  const end = stages.at(-1)!.ended[0];
  return stages
    .filter(({ tasks }) => tasks > 0)
    .flatMap((stage) =>
      reports(stage, shares).flatMap((soFar) => {
        const forecast = forecastRun({ ...soFar, ahead: stage.ahead });
        return forecast ? [{ forecast, rest: end - stage.began[0] - soFar.now }] : [];
      }),
    );
}

function ofStages(file: string, shares: readonly [number, number]): Prediction[] {
  return stagesOf(file)
    .filter(({ tasks }) => tasks > 0)
    .flatMap((stage) =>
      reports(stage, shares).flatMap((soFar) => {
        const forecast = forecastWork(soFar);
        return forecast ? [{ forecast, rest: stage.ended[0] - stage.began[0] - soFar.now }] : [];
      }),
    );
}

const isTimeTold = ({ forecast }: Prediction) => forecast.seconds !== undefined;
const error = ({ forecast, rest }: Prediction) => Math.abs(forecast.seconds! - rest) / rest;
const isInRange = ({ forecast: { low, high }, rest }: Prediction) => low <= rest && rest <= high;
const share = (all: readonly Prediction[], holds: (one: Prediction) => boolean) =>
  all.filter(holds).length / all.length;

const WHOLE = [0.1, 0.9] as const;
const EARLY = [0, 0.1] as const;

test.each(files)('what was told in %s is in the range that was told with it', (file) => {
  const shares = [EARLY, WHOLE].flatMap((part) =>
    [ofRun, ofStages].map((of) => share(of(file, part), isInRange)),
  );
  for (const one of shares) expect(one, shares.join(' ')).toBeGreaterThan(0.8);
});

test.each(files)(
  'from the first tenth of a stage on, what was told in %s is right within a fifth',
  (file) => {
    const right = (all: readonly Prediction[]) => share(all.filter(isTimeTold), (one) => error(one) <= 0.2);
    expect(right(ofRun(file, WHOLE))).toBeGreaterThan(0.9);
    expect(right(ofStages(file, WHOLE))).toBeGreaterThan(0.8);
  },
);

test.each(files)('more than a range is told of the run in %s, of its stages always', (file) => {
  expect(share(ofRun(file, WHOLE), isTimeTold)).toBeGreaterThan(0.4);
  expect(ofStages(file, WHOLE).every(isTimeTold)).toBe(true);
});
