import type { StageAhead, Task, TaskStage, World } from '../stages/index.js';
import type { Session } from './session.js';

/** Runs of fewer multiply-adds are over before their time left is of use. */
const LEAST_WORK = 1e10;
/** Seconds of the first rehearsal, by whose speed the next gets a share of what the run will take. */
const FIRST_SECONDS = 0.5;
const SHARE = 1 / 400;
const LEAST_SECONDS = 0.25;
const MOST_SECONDS = 5;

type Stage = Pick<TaskStage<never, unknown>, 'estimate' | 'rehearse' | 'forecast'>;

/**
 * Tries in all threads at once how fast each later stage is that this start of the run comes to: the time left of the
 * run prices each by its own speed. The next one tells its speed itself in a moment. Changes nothing of what the run
 * computes.
 */
export async function rehearseStages(session: Session, world: World): Promise<void> {
  const { pool, layOut } = session;
  if (!pool.rehearse || layOut) return;
  const stages = await stagesToCome(session);
  const work = stages.reduce((sum, [, stage]) => sum + stage.estimate(world), 0);
  if (work < LEAST_WORK) return;
  let seconds: number = FIRST_SECONDS;
  for (const [name, stage] of stages.slice(1)) {
    if (!stage.rehearse) continue;
    const all = await pool.rehearse(name, seconds);
    if (all.length === 0) continue;
    const speed = all.reduce((sum, one) => sum + one.macs / one.seconds, 0) / all.length;
    session.speeds.set(name, speed);
    seconds = Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, (SHARE * work) / (speed * pool.size)));
  }
}

/** Those whose results are not there yet. */
async function stagesToCome(session: Session): Promise<readonly (readonly [Task['stage'], Stage])[]> {
  const { run, folder } = session;
  const [rated, searched] = [folder.readJson('ratings'), folder.readJson('search')];
  const stages = [
    ['distill', await run.resolve('resolveDistill', 'distill'), rated],
    ['rank', await run.resolve('resolveRank', 'rank'), rated],
    ['retrain', await run.resolve('resolveRetrain', 'retrain'), searched],
  ] as const;
  return stages.flatMap(([name, stage, result]) =>
    result === undefined && session.comesTo(name) ? [[name, stage as Stage] as const] : [],
  );
}

/** What a stage to come will take; none where the run does not come to it. */
export function stageAhead(
  session: Session,
  name: Task['stage'],
  work: number,
  tasks = Number.POSITIVE_INFINITY,
): StageAhead[] {
  if (work <= 0 || !session.comesTo(name)) return [];
  const speed = session.speedOf(name, tasks);
  return [{ stage: name, work, ...(speed !== undefined && { seconds: work / speed }) }];
}

/** Networks or cells that a stage will train, where it tells. */
export function tasksToCome(stage: Stage, world: World): number | undefined {
  const { steps = 0, stepsEach } = stage.forecast?.(world) ?? {};
  return stepsEach ? Math.round(steps / stepsEach) : undefined;
}
