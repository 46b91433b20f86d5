import type { Architecture, Network } from 'dna-nas/core/contracts';
import type { TaskState, World } from 'dna-nas/core/stages';
import { trainTaskId } from '../distill/strategy.js';
import { loadRawState } from '../weights/index.js';
import { assembleNetwork } from './assemble-network.js';
import { partsDiffer } from './errors.js';
import { recalibrate } from './recalibrate.js';

/** What a search has trained. */
export interface TrainedSupernet {
  readonly world: World;
  /** The result of a cell's training, by its task. @throws where there is none */
  loadCell(task: string): TaskState;
}

/**
 * Gives a network the weights that the supernet's cells and the teacher's head have, and computes the statistics of all
 * batch norms anew. The world keeps its teacher.
 *
 * @throws DnaError `INHERITED_WEIGHTS` where the parts do not fit together
 */
export async function inheritWeights(
  network: Network,
  architecture: Architecture,
  { world, loadCell }: TrainedSupernet,
): Promise<void> {
  const cells = world.blocks.map((block, index) => {
    const { cell: number } = architecture[index]!;
    const { tensors } = loadCell(trainTaskId({ block: index, cell: number }));
    const cell = world.supernet.createCell({ space: world.space, block, cell: number });
    cell.initialise(world.random);
    loadRawState(cell.tensors(), tensors);
    return cell;
  });
  const teacher = await world.teacher();
  const head = teacher.rest?.(world.blocks.at(-1)!.outputStage);
  try {
    if (!head) throw partsDiffer('its teacher does not give its head (`rest`)');
    assembleNetwork(network, {
      cells: cells.map((cell, index) => cell.pathTensors(architecture[index]!.path)),
      head: head.tensors(),
      image: world.data.image,
    });
  } finally {
    for (const part of [...cells, head]) part?.dispose();
  }
  await recalibrate(network, world);
}
