import type { CellSupernet } from 'dna-nas/core/contracts';
import type { TaskContext, TrainedCell } from 'dna-nas/core/stages';
import { loadRawState } from 'dna-nas/nn/weights';

/** The cell with the weights that it was trained to; the caller's to dispose. */
export function openTrained(
  { task, block, cell }: Pick<TrainedCell, 'task' | 'block' | 'cell'>,
  { blocks, space, supernet, store, random }: TaskContext,
): CellSupernet {
  const network = supernet.createCell({ space, block: blocks[block]!, cell });
  network.initialise(random.fork('cell', block, cell));
  loadRawState(network.tensors(), store.loadResult(task)!.tensors);
  return network;
}
