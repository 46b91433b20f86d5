import type { AttachedRunFolder } from 'dna-nas/core/store';

/** The losses of a cell's training: point i is the mean of the steps from `every · i` on, `every` many. */
export interface CellLosses {
  readonly block: number;
  readonly cell: number;
  readonly curve: { readonly every: number; readonly losses: readonly number[] };
}

/** Those that trained cells carry in their results; cells of earlier versions have none. */
export function lossCurves(run: AttachedRunFolder): CellLosses[] {
  const tasks = run.taskIds().flatMap((id) => run.readTask(id) ?? []);
  return tasks
    .filter(({ stage }) => stage === 'distill')
    .flatMap(({ id, input }) => {
      const curve = run.loadResult(id)?.json.curve as CellLosses['curve'] | undefined;
      const { block, cell } = input as unknown as CellLosses;
      return curve ? [{ block, cell, curve }] : [];
    });
}
