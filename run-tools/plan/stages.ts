import { totalmem } from 'node:os';
import type { PluginRun } from 'dna-nas/core';
import type { BackendDescription } from 'dna-nas/core/contracts';
import type { ImageReads, StageForecast, StageName, TaskStage, World } from 'dna-nas/core/stages';
import type { Findings } from '../findings.js';
import type { Speed } from './speed.js';
import { type StageTime, type StageWork, stageTime } from './stage-time.js';

/** What one stage will take. */
export interface PlannedStage
  extends Partial<Pick<StageForecast, 'steps' | 'stepsEach' | 'activationBytes'>>,
    Partial<StageTime> {
  readonly stage: StageName;
  /** What it does, one line. */
  readonly description: string;
  readonly macs: number;
  /** Images that are read, each time counted. */
  readonly images?: number;
}

/** A stage's forecast as it is shown, with its time on this machine if its speed was measured. */
export function plannedStage(
  of: Pick<PlannedStage, 'stage' | 'description'>,
  forecast: StageWork & Partial<StageForecast>,
  measured: { readonly rate: number; readonly speed: Speed } | undefined,
): PlannedStage {
  const { images, longestTask: _, ...shown } = forecast;
  return {
    ...of,
    ...shown,
    ...(images && { images: countImages(images) }),
    ...(measured && stageTime(forecast, measured)),
  };
}

function countImages(images: ImageReads): number {
  return Object.values(images).reduce((sum, count) => sum + count, 0);
}

/** The forecast of each stage with tasks; what a stage refuses (a batch larger than a split) is a problem. */
export async function forecastStages(
  { run, world, speed }: { run: PluginRun; world: World; speed: Speed | undefined },
  findings: Findings,
): Promise<PlannedStage[]> {
  const stages = [
    { name: 'distill', stage: await run.resolve('resolveDistill', 'distill'), rates: 'training' },
    { name: 'rank', stage: await run.resolve('resolveRank', 'rank'), rates: 'forward' },
    { name: 'retrain', stage: await run.resolve('resolveRetrain', 'retrain'), rates: 'training' },
  ] as const;
  const planned: PlannedStage[] = [];
  for (const { name, stage, rates } of stages) {
    const found = await findings.attempt(
      name,
      () => forecast(stage, world),
      () => stage.describe(world),
    );
    if (!found) continue;
    const of = { stage: name, description: stage.describe(world) };
    planned.push(plannedStage(of, found, speed && { speed, rate: speed[rates] }));
  }
  return planned;
}

type Forecasting = Pick<TaskStage<never, unknown>, 'describe' | 'estimate' | 'forecast'>;

function forecast(stage: Forecasting, world: World): Partial<StageForecast> & { macs: number } {
  return stage.forecast?.(world) ?? { macs: stage.estimate(world) };
}

/** Share of the memory that these maps may take: weights, gradients and what ops work on need the rest. */
const SHARE = 0.75;

/** Whether the maps that a backward pass keeps fit into memory, for all workers at once. */
export function requireMemory(
  parts: {
    stages: readonly PlannedStage[];
    backend: BackendDescription | undefined;
    workers: number;
  },
  findings: Findings,
): void {
  const { stages, backend, workers } = parts;
  const most = Math.max(0, ...stages.map(({ activationBytes = 0 }) => activationBytes));
  if (!backend || most === 0) return;
  const each = Math.min(backend.memoryBytes ?? Number.POSITIVE_INFINITY, totalmem() / workers);
  const text = `${gigabytes(most)} of feature maps in a training step, ${gigabytes(each)} for a worker`;
  if (most <= SHARE * each) findings.ok('memory', text);
  else findings.problem('memory', text, 'Take smaller micro-batches, fewer workers or another backend.');
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(2)} GiB`;
}
