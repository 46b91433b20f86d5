import type { PluginRun } from 'dna-nas/core';
import type { ResolvedConfig } from 'dna-nas/core/config';
import { isSmoke } from 'dna-nas/core/config';
import type { BackendDescription, SearchSpace } from 'dna-nas/core/contracts';
import { assembleTrainingWorld } from 'dna-nas/core/run';
import { describeGiven } from 'dna-nas/core/space';
import type { GivenNetwork, RetrainStage, StageForecast, Task, TrainingWorld } from 'dna-nas/core/stages';
import { counted, grouped } from 'dna-nas/errors';
import type { Findings } from '../findings.js';
import type { PlannedData } from './data-and-teacher.js';
import type { Plan } from './plan-run.js';
import { measureSpeed } from './speed.js';
import type { StageWork } from './stage-time.js';
import { type PlannedStage, plannedStage, requireMemory } from './stages.js';
import { warnOfFew } from './warnings.js';

/** A run that trains given networks, as far as it is set up. */
interface GivenSetup {
  readonly config: ResolvedConfig;
  readonly run: PluginRun;
  readonly workers: number;
  readonly backend: BackendDescription | undefined;
  readonly data: PlannedData | undefined;
  readonly space: SearchSpace;
  readonly seconds: number;
}

/** What training the given networks will take. */
export async function planGiven(setup: GivenSetup, findings: Findings): Promise<Plan> {
  const { config, run, workers, backend, data, space, seconds } = setup;
  const plan = { preset: config.preset, name: config.name };
  if (!data) {
    findings.unknown('forecast', 'it needs the data');
    return { ...plan, ...findings.verdict, stages: [] };
  }
  const { dataset } = data;
  const given = await findings.attempt(
    'networks',
    () => describeGiven(space, dataset.description, config.values),
    ({ networks }) => tellNetworks(networks),
  );
  const stage = await run.resolve('resolveRetrain', 'retrain');
  const world = assembleTrainingWorld({ seed: config.seed, dataset, space });
  const stages: PlannedStage[] = [];
  const speed = backend && (await measureSpeed({ stage, world, data, workers, seconds }, findings));
  const tasks =
    given && (await findings.attempt('retrain', () => stage.tasks(world, given.networks), tellTasks));
  if (tasks) {
    const of = { stage: 'retrain', description: stage.describe(world) } as const;
    stages.push(
      plannedStage(of, forecastTasks(stage, world, tasks), speed && { speed, rate: speed.training }),
    );
  }
  requireMemory({ stages, backend, workers }, findings);
  if (!isSmoke(config)) warnOfFew({ stages, data: dataset.description }, findings);
  await dataset.close();
  return { ...plan, ...findings.verdict, stages, ...(speed && { speed }) };
}

/** A stage forecasts the networks of a search: what they read counts for each that is trained here instead. */
function forecastTasks(
  stage: Pick<RetrainStage, 'forecast'>,
  world: TrainingWorld,
  tasks: readonly Task[],
): StageWork & Partial<StageForecast> {
  const works = tasks.map(({ work }) => work);
  const macs = { macs: works.reduce((sum, work) => sum + work, 0), longestTask: Math.max(...works) };
  const searched = stage.forecast?.(world);
  if (!searched) return macs;
  const { steps, stepsEach = steps, images, activationBytes } = searched;
  const times = (tasks.length * stepsEach) / steps;
  const reads = Object.entries(images).map(([kind, count]) => [kind, times * count]);
  return {
    ...macs,
    steps: times * steps,
    stepsEach,
    images: Object.fromEntries(reads),
    ...(activationBytes !== undefined && { activationBytes }),
  };
}

function tellNetworks(networks: readonly GivenNetwork[]): string {
  const macs = networks.map(({ costs }) => costs.macs!);
  const range = `${grouped(Math.min(...macs))} to ${grouped(Math.max(...macs))} multiply-adds`;
  return networks.length === 1
    ? `one of ${grouped(macs[0]!)} multiply-adds`
    : `${networks.length} trainings, ${range}`;
}

function tellTasks(tasks: readonly unknown[]): string {
  return counted(tasks.length, 'task');
}
