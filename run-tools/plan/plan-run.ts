import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { type ConfigRequest, resolveConfig } from 'dna-nas/configuration';
import type { PluginRun } from 'dna-nas/core';
import { isSmoke, type ResolvedConfig } from 'dna-nas/core/config';
import type { BackendDescription, SearchSpace } from 'dna-nas/core/contracts';
import { applyPlugins } from 'dna-nas/core/plugin';
import { assembleWorld, partition, placeRun } from 'dna-nas/core/run';
import { networkCount, showCount } from 'dna-nas/core/space';
import type { World } from 'dna-nas/core/stages';
import { describePlacement, type Placement } from 'dna-nas/core/work';
import { counted, grouped } from 'dna-nas/errors';
import { type Finding, Findings } from '../findings.js';
import { type CostRange, costRange } from './cost-range.js';
import {
  type PlannedData,
  type PlannedTeacher,
  planData,
  planTeacher,
  withTeacher,
} from './data-and-teacher.js';
import { planGiven } from './plan-given.js';
import { checkTeacher, measureSpeed, type Speed } from './speed.js';
import { forecastStages, type PlannedStage, requireMemory } from './stages.js';
import { warnOfFew } from './warnings.js';

/** What a run would be, before anything is trained. */
export interface Plan {
  readonly preset: string | null;
  readonly name: string;
  /** Whether nothing that was found is a problem. */
  readonly sound: boolean;
  readonly findings: readonly Finding[];
  readonly space?: PlannedSpace;
  /** Of the stages with tasks; empty where data or teacher are not known. */
  readonly stages: readonly PlannedStage[];
  readonly speed?: Speed;
}

export interface PlannedSpace {
  readonly blocks: number;
  readonly cells: number;
  readonly networks: number;
  /** What its networks cost at least and at most, by cost; absent where the data are not known. */
  readonly costs?: CostRange;
}

export interface PlanOptions {
  /**
   * Seconds for measuring how fast this machine trains, and a quarter of it for each way of reading images; 0: nothing
   * is measured. @default 20
   */
  readonly seconds?: number;
  /** Images that the teacher is tried on. @default 300 */
  readonly images?: number;
}

/**
 * Goes through a run's stages without training: what is there, what fits, what the limits reach, what each stage will
 * take. Writes nothing. Throws where the configuration itself is wrong; everything else is a finding.
 */
export async function planRun(request: ConfigRequest, options: PlanOptions = {}): Promise<Plan> {
  const { seconds = 20, images = 300 } = options;
  const project = resolve(request.project ?? process.cwd());
  const config = await resolveConfig(request);
  let workers = 1;
  // Images are read by as many threads as one worker of the run has for it.
  const cores = () => availableParallelism() / workers;
  const run = await applyPlugins(config, { project, main: false, cores });
  const findings = new Findings();
  findings.ok(
    'configuration',
    `${config.preset ?? 'of its own'}, ${counted(config.plugins.length, 'plugin')}`,
  );
  const placement = await placeRun(run, config.machine);
  workers = placement.length;
  const backend = await startBackend(run, placement, findings);
  const found = await planData(run, findings);
  const space = await run.resolve('resolveSpace', 'space');
  if (run.architectures) {
    const given = { config, run, workers, backend, data: found, space, seconds };
    return planGiven(given, findings);
  }
  const teacher = await planTeacher(run, findings);
  const data = teacher && found ? await withTeacher(found, teacher, findings) : found;
  const planned = tellSpace(space, data, findings);
  const world = data && teacher && (await planWorld({ run, config, data, teacher, space }, findings));
  const plan = { preset: config.preset, name: config.name, space: planned };
  const close = async () => data?.dataset.close();
  if (!world) {
    findings.unknown('forecast', 'it needs data, teacher and blocks');
    await close();
    return { ...plan, ...findings.verdict, stages: [] };
  }
  const check = await checkTeacher({ backend, data, teacher, images }, findings);
  const stage = await run.resolve('resolveDistill', 'distill');
  const speed = backend && (await measureSpeed({ stage, world, data, workers, seconds, check }, findings));
  const stages = await forecastStages({ run, world, speed }, findings);
  requireMemory({ stages, backend, workers }, findings);
  if (!isSmoke(config)) warnOfFew({ stages, data: data.dataset.description }, findings);
  await close();
  return {
    ...plan,
    ...findings.verdict,
    stages,
    ...(speed && { speed }),
  };
}

/** On the first of the run's devices. */
function startBackend(
  run: PluginRun,
  placement: Placement,
  findings: Findings,
): Promise<BackendDescription | undefined> {
  const workers = placement.length;
  const [{ device } = {}] = placement;
  const threads = `${counted(workers, 'worker thread')}${describePlacement(placement)}`;
  return findings.attempt(
    'backend',
    async () => {
      const backend = await run.resolve('resolveBackend', 'backend');
      return backend.start({ workers, ...(device !== undefined && { device }) });
    },
    ({ name, description }) => `${name}: ${description}; ${threads}`,
  );
}

function tellSpace(space: SearchSpace, data: PlannedData | undefined, findings: Findings): PlannedSpace {
  const { blocks } = space;
  const cells = blocks.reduce((sum, block) => sum + block.cells.length, 0);
  const networks = networkCount(blocks);
  findings.ok(
    'space',
    `${space.name}: ${counted(blocks.length, 'block')}, ${counted(cells, 'cell')}, ${showCount(networks)} networks`,
  );
  const costs = data && costRange(space, data.dataset.description);
  return { blocks: blocks.length, cells, networks, ...(costs && { costs }) };
}

interface WorldSetup {
  readonly run: PluginRun;
  readonly config: ResolvedConfig;
  readonly data: PlannedData;
  readonly teacher: PlannedTeacher;
  readonly space: SearchSpace;
}

/** Cuts the blocks, lays out every cell and checks the limits: all of a run's start that needs no tensor. */
async function planWorld(
  { run, config, data, teacher, space }: WorldSetup,
  findings: Findings,
): Promise<World | undefined> {
  const { dataset } = data;
  const blocks = await findings.attempt(
    'blocks',
    () => partition(run, { teacher: teacher.description, data: dataset.description, space }),
    (made) => made.map(({ output: o }) => `${o.height}×${o.width}×${o.channels}`).join(' → '),
  );
  if (!blocks) return undefined;
  const supernet = await run.resolve('resolveSupernet', 'supernet');
  const world = assembleWorld({ seed: config.seed, dataset, teacher, space, blocks, supernet });
  const cells = await findings.attempt(
    'cells',
    () => createCells(world),
    (count) => `all ${count} fit their blocks`,
  );
  const searcher = await run.resolve('resolveSearch', 'search');
  await findings.attempt(
    'limits',
    () => searcher.check(world),
    () => tellLimits(config, costRange(space, dataset.description)),
  );
  return cells === undefined ? undefined : world;
}

function createCells({ space, blocks, supernet }: World): number {
  let count = 0;
  for (const block of blocks) {
    for (let cell = 0; cell < space.blocks[block.index]!.cells.length; cell++, count++)
      supernet.createCell({ space, block, cell });
  }
  return count;
}

/** The limits of a search that has the option, and what the space reaches. */
function tellLimits({ values }: ResolvedConfig, costs: CostRange): string {
  const { limits = {} } = values.search as { limits?: Record<string, number> };
  return Object.entries(costs)
    .map(([name, { least, most }]) => {
      const limit = limits[name];
      const asked = limit === undefined ? '' : `, limit ${grouped(limit)}`;
      return `${name} from ${grouped(least)} to ${grouped(most)}${asked}`;
    })
    .join('; ');
}
