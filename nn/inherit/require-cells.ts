import { allCells } from 'dna-nas/core/space';
import type { DistillStage, World } from 'dna-nas/core/stages';
import { trainTaskId } from 'dna-nas/core/work';
import { cellsNotAlone } from './errors.js';

/**
 * Checks before any training that a distillation trains every cell on the teacher's features, each by a task of its
 * own, whose results are what a network inherits.
 * @throws DnaError `INHERITED_WEIGHTS`
 */
export function requireCells(distill: Pick<DistillStage, 'tasks'>, world: World): void {
  const trained = new Set(distill.tasks(world, { index: 0, rated: [] }).map(({ id }) => id));
  if (!allCells(world).every((cell) => trained.has(trainTaskId(cell)))) throw cellsNotAlone();
}
