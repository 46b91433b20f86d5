import { allCells, type DistillStrategy } from './strategy.js';

/** The paper's own strategy: the teacher's features are every block's input, so that blocks need nothing of another. */
export const blockwise: DistillStrategy = {
  description: "by the teacher's features",
  tasks: allCells,
  expected: allCells,
  view: ({ blocks }) => blocks,
  createStudent: ({ blocks, space, supernet }, { block, cell }) =>
    supernet.createCell({ space, block: blocks[block]!, cell }),
};
