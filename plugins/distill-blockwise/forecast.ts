import type { StageForecast, World } from 'dna-nas/core';
import type { DistillBlockwiseOptions } from './options.js';
import { cellTasks, planDistillation } from './plan.js';

const FLOAT_BYTES = 4;

/** Steps, images and memory of the whole distillation: one teacher pass a batch and phase feeds all its cells. */
export function forecastDistillation(world: World, options: DistillBlockwiseOptions): StageForecast {
  const { steps, phases, floats } = planDistillation(world, options);
  const tasks = cellTasks(world, options);
  const share = options.batch / options.pathsPerStep;
  return {
    steps: steps * tasks.length,
    images: steps * options.batch * phases.length,
    macs: tasks.reduce((sum, { work }) => sum + work, 0),
    activationBytes: FLOAT_BYTES * (share * widestCell(world) + floats),
  };
}

/** Elements of the maps that one image's widest path keeps, over all cells. */
function widestCell({ space, blocks, supernet }: World): number {
  const kept = blocks.flatMap((block) =>
    space.blocks[block.index]!.cells.map((_, cell) => {
      const network = supernet.createCell({ space, block, cell });
      return network.activations?.() ?? 0;
    }),
  );
  return Math.max(...kept);
}
