import type { PlannedCell } from '../stages/stage.js';

/** Id of the task that trains a cell, by which its weights are found. */
export function trainTaskId({ block, cell }: Pick<PlannedCell, 'block' | 'cell'>): string {
  return `train-b${block + 1}-c${cell + 1}`;
}
