import type { ConfigRequest } from './config/types.js';
import type { BackendDescription, CellRatings, RunSummary, SearchStage, World } from './contracts/index.js';
import { checkIdentity } from './identity.js';
import { closeSession, openSession, type SessionOptions } from './open-session.js';
import { type Session, StageReached } from './session.js';
import { runTaskStage } from './task-stage.js';
import { assembleWorld, describeTeacher, openDataset, partition } from './world.js';

export type RunOptions = SessionOptions;

/**
 * Runs the whole method, or goes on with it: the run folder is the only truth. Returns the summary, or undefined if
 * `until` ended the run before its report.
 */
export async function run(request: ConfigRequest, options: RunOptions = {}): Promise<RunSummary | undefined> {
  const session = await openSession(request, options);
  try {
    return await search(session);
  } catch (error) {
    if (error instanceof StageReached) return undefined;
    session.abandonStage();
    // Whatever a listener makes of it, the error to throw is the run's own.
    await session.run.hooks.runFailed.promise(error as Error).catch(() => undefined);
    throw error;
  } finally {
    await closeSession(session);
  }
}

/** The method's table of contents. */
async function search(session: Session): Promise<RunSummary> {
  const done = session.folder.readJson('outcome') as RunSummary | undefined;
  if (done) return reportAgain(session, done);
  const backend = await startBackend(session);
  const { world, searcher } = await prepareWorld(session, backend);

  const distill = await session.run.resolve('resolveDistill', 'distill');
  const rank = await session.run.resolve('resolveRank', 'rank');
  const retrain = await session.run.resolve('resolveRetrain', 'retrain');
  const rankWork = rank.estimate(world);
  const retrainWork = retrain.estimate(world);

  const cells = await runTaskStage(session, {
    name: 'distill',
    stage: distill,
    input: undefined,
    workToCome: rankWork + retrainWork,
  });
  const ratings = await runTaskStage(session, {
    name: 'rank',
    stage: rank,
    input: cells,
    workToCome: retrainWork,
    finish: (rated) => keepRatings(session, rated),
  });
  const result = await session.stage('search', {
    description: 'find the best network under the limits',
    async work() {
      const found = await session.run.hooks.found.promise(await searcher.search(world, ratings));
      session.folder.writeJson('search', found);
      return found;
    },
    conclude: ({ best }) => `${best.text}, rating ${best.rating.toFixed(4)}`,
  });
  const networks = await runTaskStage(session, {
    name: 'retrain',
    stage: retrain,
    input: result,
    workToCome: 0,
  });
  return session.stage('report', {
    description: 'write the report',
    work: () => report(session, { backend, networks, best: result.best }),
    conclude: () => `in ${session.folder.path}`,
  });
}

async function keepRatings(session: Session, rated: readonly CellRatings[]): Promise<CellRatings[]> {
  const ratings = await session.run.hooks.ratings.promise(rated);
  session.folder.writeJson('ratings', {
    cells: ratings.map((cell) => ({ ...cell, values: [...cell.values] })),
  });
  return [...ratings];
}

function startBackend(session: Session): Promise<BackendDescription> {
  return session.stage('backend', {
    description: `start the tensor backend on ${session.pool.size} worker thread${session.pool.size === 1 ? '' : 's'}`,
    work: () => session.pool.backend(),
    conclude: (backend) => backend.description,
  });
}

/** Data, teacher, space, blocks, supernet: everything that training needs, without a tensor in this thread. */
async function prepareWorld(
  session: Session,
  backend: BackendDescription,
): Promise<{ world: World; searcher: SearchStage }> {
  const { run } = session;
  const dataset = await session.stage('data', {
    description: 'open the data set',
    work: () => openDataset(run),
    conclude: ({ description: { name, size, image } }) =>
      `${name}: ${size.train} training, ${size.validation} validation, ${size.test} test images, ` +
      `${image.height}×${image.width}×${image.channels}`,
  });
  const teacher = await session.stage('teacher', {
    description: 'read the teacher',
    work: () => describeTeacher(run),
    conclude: ({ description: { name, params, macs } }) =>
      `${name}: ${params} parameters, ${macs} multiply-adds`,
  });
  const { warning } = teacher.description;
  if (warning !== undefined) await session.tell('noticed', warning);
  const space = await session.stage('space', {
    description: 'set up the search space',
    work: () => run.resolve('resolveSpace', 'space'),
    conclude: ({ name, blocks }) => `${name}: ${blocks.length} blocks, ${networkCount(blocks)} networks`,
  });
  const blocks = await session.stage('partition', {
    description: 'cut teacher and student into blocks',
    work: () => partition(run, { teacher: teacher.description, image: dataset.description.image, space }),
    conclude: (made) => made.map(({ output: o }) => `${o.height}×${o.width}×${o.channels}`).join(' → '),
  });
  return session.stage('supernet', {
    description: 'lay out the supernet and check the limits',
    work: async () => {
      const supernet = await run.resolve('resolveSupernet', 'supernet');
      const world = assembleWorld({ seed: run.seed, dataset, teacher, space, blocks, supernet });
      session.world = world;
      checkIdentity(session, { backend, data: dataset.description, teacher: teacher.description });
      const searcher = await run.resolve('resolveSearch', 'search');
      await searcher.check(world);
      session.folder.writeJson('space', { blocks: space.blocks, boundaries: blocks });
      await session.pool.openWorld(dataset.shared());
      return { world, searcher };
    },
    conclude: ({ world }) =>
      `${world.space.blocks.reduce((sum, block) => sum + block.cells.length, 0)} cells`,
  });
}

/** Number of networks of a space, for people: exact below a million. */
function networkCount(blocks: World['space']['blocks']): string {
  const perBlock = blocks.map(({ cells }) =>
    cells.reduce((sum, cell) => sum + cell.layers.reduce((product, layer) => product * layer.length, 1), 0),
  );
  const count = perBlock.reduce((product, candidates) => product * candidates, 1);
  return count < 1e6 ? String(count) : count.toExponential(1);
}

async function report(
  session: Session,
  parts: {
    backend: BackendDescription;
    networks: RunSummary['networks'];
    best: { text: string; rating: number };
  },
): Promise<RunSummary> {
  const stages = session.seconds;
  const { warning } = session.world!.teacherDescription;
  const summary = await session.run.hooks.summary.promise({
    preset: session.config.preset,
    seed: session.config.seed,
    backend: parts.backend.name,
    seconds: Object.values(stages).reduce((sum, seconds) => sum + seconds, 0),
    architecture: parts.best.text,
    rating: parts.best.rating,
    networks: parts.networks,
    stages: { ...stages },
    ...(warning !== undefined && { warnings: [warning] }),
  });
  session.folder.writeJson('outcome', summary);
  await session.judgeCheckpoints();
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
