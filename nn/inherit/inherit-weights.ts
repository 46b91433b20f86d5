import type { Architecture, CellSupernet, Network } from 'dna-nas/core/contracts';
import type { TaskState, World } from 'dna-nas/core/stages';
import { trainTaskId } from 'dna-nas/core/work';
import { loadRawState } from '../weights/index.js';
import { assembleNetwork } from './assemble-network.js';
import { partsDiffer } from './errors.js';
import { keepNorms } from './keep-norms.js';
import { recalibrate } from './recalibrate.js';
import { sliceWeights } from './slice/slice-weights.js';

/** What a search has trained. */
export interface TrainedSupernet {
  readonly world: World;
  /** The result of a cell's training, by its task. @throws where there is none */
  loadCell(task: string): TaskState;
}

export interface InheritOptions {
  /** Whether layers are cut and fitted where channels differ from those that they were trained with. @default false */
  readonly sliced?: boolean;
}

/**
 * Gives an initialised network the weights that the supernet's cells and the teacher's head have, and computes the
 * statistics of all batch norms anew. The world keeps its teacher.
 *
 * @throws DnaError `INHERITED_WEIGHTS` where the parts do not fit together
 */
export async function inheritWeights(
  network: Network,
  architecture: Architecture,
  { world, loadCell, sliced = false }: TrainedSupernet & InheritOptions,
): Promise<void> {
  const cells = openCells(architecture, { world, loadCell });
  const teacher = await world.teacher();
  const head = teacher.rest?.(world.blocks.at(-1)!.outputStage);
  try {
    if (!head) throw partsDiffer('its teacher does not give its head (`rest`)');
    if (sliced) await sliceWeights(network, architecture, { world, teacher, cells, head });
    else
      assembleNetwork(network, {
        cells: cells.map((cell, index) => cell.pathTensors(architecture[index]!.path)),
        head: head.tensors(),
        image: world.data.image,
      });
    await recalibrate(network, world);
    keepNorms(network, { architecture, world, head });
  } finally {
    for (const part of [...cells, head]) part?.dispose();
  }
}

/** The cells along the path, as they were trained. */
function openCells(architecture: Architecture, { world, loadCell }: TrainedSupernet): CellSupernet[] {
  return world.blocks.map((block, index) => {
    const { cell: number } = architecture[index]!;
    const { tensors } = loadCell(trainTaskId({ block: index, cell: number }));
    const cell = world.supernet.createCell({ space: world.space, block, cell: number });
    cell.initialise(world.random);
    loadRawState(cell.tensors(), tensors);
    return cell;
  });
}
