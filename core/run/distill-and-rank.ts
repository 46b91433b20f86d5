import type { CellRatings, DistillStage, RankStage, StageAhead, Task, World } from '../stages/index.js';
import { runTaskStage } from '../work/task-stage.js';
import type { Session } from './session.js';
import { stageAhead } from './stage-ahead.js';

/** The stages, and those after them, for the time left. */
export interface RoundStages {
  readonly distill: DistillStage;
  readonly rank: RankStage;
  readonly world: World;
  readonly ahead: readonly StageAhead[];
}

/**
 * Trains and rates all cells: in one round, or in as many as the distillation asks for, each of which may depend on
 * the ratings before it. After each round all ratings so far pass through `ratings` together, as they were given, so
 * that a change is made once.
 */
export async function distillAndRank(session: Session, stages: RoundStages): Promise<CellRatings[]> {
  const { world } = stages;
  const rounds = stages.distill.rounds?.(world) ?? 1;
  const work = {
    distill: stages.distill.estimate(world) / rounds,
    rank: stages.rank.estimate(world) / rounds,
  };
  const ahead = (count: Readonly<Record<keyof typeof work, number>>) => [
    ...stageAhead(session, 'distill', count.distill * work.distill),
    ...stageAhead(session, 'rank', count.rank * work.rank),
    ...stages.ahead,
  ];
  const ratingAhead = (tasks: readonly Task[]) => {
    const planned = stages.distill.planned?.(tasks);
    return (planned && stages.rank.layOut?.(world, planned)) ?? [];
  };
  let given: readonly CellRatings[] = [];
  let rated: readonly CellRatings[] = [];
  for (let index = 0; index < rounds; index++) {
    const later = rounds - 1 - index;
    const again = later > 0;
    const input = { index, rated };
    const cells = await runTaskStage(session, {
      ...{ name: 'distill', stage: stages.distill, world, input, again },
      ahead: ahead({ distill: later, rank: later + 1 }),
      layOutAhead: ratingAhead,
    });
    await runTaskStage(session, {
      ...{ name: 'rank', stage: stages.rank, world, input: cells, again },
      ahead: ahead({ distill: later, rank: later }),
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
