import type { RunHooks, RunSoFar } from 'dna-nas/core';
import type { CellRatings, StepFinished } from 'dna-nas/core/stages';

/** Where a run's values go while it works: a file of events, a server. None of these may wait or throw. */
export interface Tracker {
  /** A value of a step. Told again after a resume, as the steps since the last checkpoint are done again. */
  scalar(name: string, step: number, value: number): void;
  /** Many values of one kind. @default they are left out */
  distribution?(name: string, step: number, values: ArrayLike<number>): void;
}

/** Points of a task's losses at most: more are not seen in a picture. */
const MOST_POINTS = 1000;

/**
 * Tells a tracker the losses of every task, what was measured after epochs, and ratings by cell. A loss is the mean of the
 * steps since the point before.
 * @param owner Name of the plugin that tracks.
 */
export function trackRun(owner: string, hooks: RunHooks, tracker: Tracker): void {
  const open = new Map<string, { sum: number; steps: number }>();
  hooks.stepFinished.tap(owner, ({ task, step, steps, loss }) => {
    const mean = open.get(task) ?? { sum: 0, steps: 0 };
    open.set(task, { sum: mean.sum + loss, steps: mean.steps + 1 });
    if (!isPoint({ step, steps })) return;
    tracker.scalar(`loss/${task}`, step, (mean.sum + loss) / (mean.steps + 1));
    open.delete(task);
  });
  hooks.epochFinished.tap(owner, ({ task, epoch, metrics }) => {
    for (const [name, value] of Object.entries(metrics))
      tracker.scalar(`epoch-${name}/${task}`, epoch, value);
  });
  hooks.ratings.tap(owner, (ratings) => {
    for (const { block, cell, values } of ratings)
      tracker.distribution?.(`ratings/block-${block + 1}-cell-${cell + 1}`, roundOf(ratings), values);
    return ratings;
  });
}

/** The same steps whenever a run was stopped. */
function isPoint({ step, steps }: Pick<StepFinished, 'step' | 'steps'>): boolean {
  return step % Math.ceil(steps / MOST_POINTS) === 0 || step === steps - 1;
}

/** Ratings are told after each round, with those of the rounds before: as many blocks as are rated. */
function roundOf(ratings: readonly CellRatings[]): number {
  return new Set(ratings.map(({ block }) => block)).size;
}

/** What came out of a run: `result/rating`, `result/top1-found`, …. */
export function resultsOf({ rating, networks, seconds }: RunSoFar): Record<string, number> {
  const ofNetworks = networks.flatMap(({ name, top1, params, macs }) => [
    [`result/top1-${name}`, top1],
    [`result/params-${name}`, params],
    [`result/macs-${name}`, macs],
  ]);
  const rated = typeof rating === 'number' ? [['result/rating', rating]] : [];
  return Object.fromEntries([...rated, ...ofNetworks, ['result/seconds', seconds]]);
}
