import { counted, type DnaError } from 'dna-nas/errors';
import { isSmoke } from '../config/is-smoke.js';
import type { BackendDescription, Dataset } from '../contracts/index.js';
import { stopped } from '../errors.js';
import type { JsonObject } from '../plugin/plugin.js';
import { describeGiven, type Given } from '../space/given-network.js';
import { networkCount, showCount } from '../space/network-count.js';
import type { GivenNetwork, RunSummary, TrainingWorld, World } from '../stages/index.js';
import { describePlacement } from '../work/place-workers.js';
import { distillAndRank } from './distill-and-rank.js';
import { checkIdentity, differences } from './identity.js';
import { ledgerOf, readSummary } from './ledger.js';
import { closeSession, openSession, type RunStart, type SessionOptions } from './open-session.js';
import { runTimes, writeOutcome } from './outcome.js';
import { retrainNetworks, type TrainedNetworks } from './retrain-networks.js';
import { randomWarnings, runWarnings, splitsText } from './run-warnings.js';
import { requireSameNetworks } from './same-networks.js';
import { type Session, StageReached } from './session.js';
import { stageAhead } from './stage-ahead.js';
import { assembleTrainingWorld, assembleWorld, describeTeacher, openDataset, partition } from './world.js';

export type RunOptions = SessionOptions;

/**
 * Runs the whole method by a resolved configuration, or goes on with it: the run folder is the only truth. Returns the summary, or undefined if
 * `until` ended the run before its report, or `layOut` where tasks are to be executed.
 */
export async function runResolved(
  start: RunStart,
  options: RunOptions = {},
): Promise<RunSummary | undefined> {
  const session = await openSession(start, options);
  let failed = false;
  try {
    return await work(session);
  } catch (error) {
    if (error instanceof StageReached) return undefined;
    failed = !isStop(error);
    session.abandonStage();
    // Whatever a listener makes of it, the error to throw is the run's own.
    await session.run.hooks.runFailed.promise(error as Error).catch(() => undefined);
    throw error;
  } finally {
    await closeSession(session, { failed });
  }
}

/** Whoever stops a run means to go on with it. */
function isStop(error: unknown): boolean {
  return (error as Partial<DnaError> | undefined)?.code === 'STOPPED';
}

async function work(session: Session): Promise<RunSummary> {
  const { folder } = session;
  const done = readSummary(folder);
  // A result that was removed, as it was damaged say, is made again.
  if (done && folder.taskIds().every((id) => folder.hasResult(id))) return reportAgain(session, done);
  const backend = await startBackend(session);
  const { architectures } = session.run;
  return architectures === undefined ? search(session, backend) : trainGiven(session, backend, architectures);
}

/** The method's table of contents. */
async function search(session: Session, backend: BackendDescription): Promise<RunSummary> {
  const { world, warnings: ofTeacher } = await prepareWorld(session, backend);

  const distill = await session.run.resolve('resolveDistill', 'distill');
  const rank = await session.run.resolve('resolveRank', 'rank');
  const retrain = await session.run.resolve('resolveRetrain', 'retrain');
  const ratings = await distillAndRank(session, {
    distill,
    rank,
    world,
    ahead: stageAhead(session, 'retrain', retrain.estimate(world)),
  });
  const result = await session.stage('search', {
    description: 'find the best network under the limits',
    async work() {
      const found = await session.run.hooks.found.promise(await session.pool.search(ratings));
      const layOut = () => retrain.tasks(world, found);
      requireSameNetworks(session.config.name, session.folder, { found, layOut });
      session.folder.writeJson('search', found);
      return found;
    },
    conclude: ({ best }) => `${best.text}, rating ${best.rating.toFixed(4)}`,
  });
  const missing = randomWarnings(retrain, result);
  await tellAll(session, missing);
  const trained = await retrainNetworks(session, { stage: retrain, world, input: result });
  const warnings = [...runWarnings(world), ...ofTeacher, ...missing];
  return finish(session, { backend, trained, best: result.best, warnings });
}

/** The part of the method that is left where networks are given: no teacher, no supernet, no search. */
async function trainGiven(
  session: Session,
  backend: BackendDescription,
  texts: readonly string[],
): Promise<RunSummary> {
  const dataset = await openData(session);
  const { world, given } = await session.stage('space', {
    description: texts.length === 1 ? 'read the network' : `read ${texts.length} networks`,
    work: () => prepareGiven(session, backend, dataset),
    conclude: ({ given: { networks } }) => concludeGiven(networks),
  });
  const stage = await session.run.resolve('resolveRetrain', 'retrain');
  const trained = await retrainNetworks(session, { stage, world, input: given.networks });
  const warnings = runWarnings(world);
  return finish(session, { backend, trained, best: { text: given.text, rating: null }, warnings });
}

async function prepareGiven(
  session: Session,
  backend: BackendDescription,
  dataset: Dataset,
): Promise<{ world: TrainingWorld; given: Given }> {
  const { run, config } = session;
  const { description } = dataset;
  const space = await run.resolve('resolveSpace', 'space');
  const given = describeGiven(space, description, config.values);
  checkIdentity(session, { backend, data: description });
  await session.pool.openWorld(dataset.shared());
  const world = assembleTrainingWorld({ seed: run.seed, dataset, space });
  await tellAll(session, runWarnings(world));
  return { world, given };
}

function concludeGiven(networks: readonly GivenNetwork[]): string {
  const [{ name, costs }] = networks as [GivenNetwork];
  if (networks.length === 1) return `${name}: ${costs.params} parameters, ${costs.macs} multiply-adds`;
  const macs = networks.map(({ costs }) => costs.macs!);
  return `${networks.length} trainings, networks of ${Math.min(...macs)} to ${Math.max(...macs)} multiply-adds`;
}

function finish(session: Session, content: ReportContent): Promise<RunSummary> {
  return session.stage('report', {
    description: 'write the report',
    work: () => report(session, content),
    conclude: () => `in ${session.folder.path}`,
  });
}

function startBackend(session: Session): Promise<BackendDescription> {
  return session.stage('backend', {
    description: `start the tensor backend on ${counted(session.pool.size, 'worker thread')}${describePlacement(session.placement)}`,
    work: () => session.pool.backend(),
    conclude: (backend) => backend.description,
  });
}

function openData(session: Session): Promise<Dataset> {
  return session.stage('data', {
    description: 'open the data set',
    work: () => openDataset(session.run),
    conclude: ({ description: { image, ...data } }) =>
      `${data.name}: ${splitsText(data)}, ${image.height}×${image.width}×${image.channels}`,
  });
}

/** Data, teacher, space, blocks, supernet: everything that training needs, without a tensor in this thread. */
async function prepareWorld(
  session: Session,
  backend: BackendDescription,
): Promise<{ readonly world: World; readonly warnings: readonly string[] }> {
  const { run } = session;
  const dataset = await openData(session);
  const teacher = await session.stage('teacher', {
    description: 'read the teacher',
    work: () => describeTeacher(run),
    conclude: ({ description: { name, params, macs } }) =>
      `${name}: ${params} parameters, ${macs} multiply-adds`,
  });
  await tellAll(session, runWarnings({ data: dataset.description, teacherDescription: teacher.description }));
  const space = await session.stage('space', {
    description: 'set up the search space',
    work: () => run.resolve('resolveSpace', 'space'),
    conclude: ({ name, blocks }) =>
      `${name}: ${counted(blocks.length, 'block')}, ${showCount(networkCount(blocks))} networks`,
  });
  const blocks = await session.stage('partition', {
    description: 'cut teacher and student into blocks',
    work: () => partition(run, { teacher: teacher.description, data: dataset.description, space }),
    conclude: (made) => made.map(({ output: o }) => `${o.height}×${o.width}×${o.channels}`).join(' → '),
  });
  return session.stage('supernet', {
    description: 'lay out the supernet, check the limits and try the teacher',
    work: async () => {
      const supernet = await run.resolve('resolveSupernet', 'supernet');
      const world = assembleWorld({ seed: run.seed, dataset, teacher, space, blocks, supernet });
      checkIdentity(session, { backend, data: dataset.description, teacher: teacher.description });
      await session.pool.openWorld(dataset.shared());
      await session.pool.checkSearch();
      const { image, classes } = world.data;
      const counting = { image, classes };
      session.folder.writeJson('space', { blocks: space.blocks, boundaries: blocks, counting });
      const warnings = await tryTeacherOnce(session, teacher.description.name);
      await tellAll(session, warnings);
      return { world, warnings };
    },
    conclude: ({ world }) =>
      counted(
        world.space.blocks.reduce((sum, block) => sum + block.cells.length, 0),
        'cell',
      ),
  });
}

/** What is to be told of the teacher. It is tried once: later starts of the run, and its summary, know how it did. */
async function tryTeacherOnce({ folder, pool, signal }: Session, name: string): Promise<readonly string[]> {
  const of = folder.readJson('identity') as JsonObject;
  const known = folder.readJson('teacher') as { of: JsonObject; warnings: string[] } | undefined;
  if (known && differences(known.of, of).length === 0) return known.warnings;
  if (signal?.aborted) throw stopped();
  const { check, fault, untried } = await pool.checkTeacher();
  const warnings = fault ? [`The teacher ${name}: ${fault.text}. ${fault.fix}`] : [];
  const tried = check ? { images: check.images, top1: check.top1 } : { untried: untried! };
  folder.writeJson('teacher', { of, ...tried, warnings });
  return warnings;
}

async function tellAll(session: Session, notices: readonly string[]): Promise<void> {
  for (const notice of notices) await session.tell('noticed', notice);
}

interface ReportContent {
  readonly backend: BackendDescription;
  readonly trained: TrainedNetworks;
  readonly best: { readonly text: string; readonly rating: number | null };
  readonly warnings: readonly string[];
}

async function report(session: Session, content: ReportContent): Promise<RunSummary> {
  const { warnings } = content;
  await session.judgeCheckpoints();
  session.bookLedger();
  const summary = await session.run.hooks.summary.promise({
    preset: session.config.preset,
    ...(isSmoke(session.config) && { smoke: true as const }),
    seed: session.config.seed,
    backend: content.backend.name,
    ...runTimes(session.folder),
    ...ledgerOf(session.folder),
    architecture: content.best.text,
    rating: content.best.rating,
    ...content.trained,
    ...(warnings.length > 0 && { warnings }),
  });
  writeOutcome(session.folder, summary);
  await tellFinished(session, summary);
  return summary;
}

/** The same command on a run that is complete: nothing is computed, the reports are made anew. */
async function reportAgain(session: Session, summary: RunSummary): Promise<RunSummary> {
  await session.tell('noticed', `The run ${session.config.name} is complete: this is its report.`);
  await tellFinished(session, summary);
  return summary;
}

/** The reports write what they have to say; the manifest takes it up. */
async function tellFinished(session: Session, summary: RunSummary): Promise<void> {
  await session.tell('runFinished', { summary, folder: session.folder.path });
  session.folder.sealReports();
}
