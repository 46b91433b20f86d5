import type { Block } from '../contracts/teacher.js';
import type { PlannedCell, World } from '../stages/stage.js';

/** Every cell of the space, block by block. */
export function allCells({
  blocks,
  space,
}: Pick<World, 'blocks' | 'space'>): Pick<PlannedCell, 'block' | 'cell'>[] {
  return blocks.flatMap((block) =>
    space.blocks[block.index]!.cells.map((_, cell) => ({ block: block.index, cell })),
  );
}

/** A block whose input is the image: what stands between them is the student's. */
export function behindImage(block: Block, image: Block['input']): Block {
  return { ...block, inputStage: -1, input: image };
}
