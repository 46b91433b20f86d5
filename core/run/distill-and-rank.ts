import type { CellRatings, DistillStage, RankStage, Task, World } from '../stages/index.js';
import { runTaskStage } from '../work/task-stage.js';
import type { Session } from './session.js';

/** The stages, and the work of those after them, for the time left. */
export interface RoundStages {
  readonly distill: DistillStage;
  readonly rank: RankStage;
  readonly world: World;
  readonly workToCome: number;
}

/**
 * Trains and rates all cells: in one round, or in as many as the distillation asks for, each of which may depend on
 * the ratings before it. After each round all ratings so far pass through `ratings` together, as they were given, so
 * that a change is made once.
 */
export async function distillAndRank(session: Session, stages: RoundStages): Promise<CellRatings[]> {
  const { world } = stages;
  const rounds = stages.distill.rounds?.(world) ?? 1;
  const ahead = {
    distill: stages.distill.estimate(world) / rounds,
    rank: stages.rank.estimate(world) / rounds,
  };
  const ratingAhead = (tasks: readonly Task[]) => {
    const planned = stages.distill.planned?.(tasks);
    return (planned && stages.rank.layOut?.(world, planned)) ?? [];
  };
  let given: readonly CellRatings[] = [];
  let rated: readonly CellRatings[] = [];
  for (let index = 0; index < rounds; index++) {
    const later = rounds - 1 - index;
    const workToCome = stages.workToCome + later * (ahead.distill + ahead.rank);
    const again = later > 0;
    const input = { index, rated };
    const cells = await runTaskStage(session, {
      ...{ name: 'distill', stage: stages.distill, world, input, again },
      workToCome: workToCome + (again || session.comesTo('rank') ? ahead.rank : 0),
      ahead: ratingAhead,
    });
    await runTaskStage(session, {
      ...{ name: 'rank', stage: stages.rank, world, input: cells, again, workToCome },
      finish: async (fresh) => {
        given = [...given, ...fresh];
        rated = await session.run.hooks.ratings.promise(given);
        if (!again) keepRatings(session, rated);
        return fresh;
      },
    });
  }
  return [...rated];
}

function keepRatings(session: Session, rated: readonly CellRatings[]): void {
  session.folder.writeJson('ratings', {
    cells: rated.map((cell) => ({ ...cell, values: [...cell.values] })),
  });
}
