import type { DistillStage, PluginRun, TrainedCell, World } from 'dna-nas/core';
import { ringBytes } from './feature-ring.js';
import { forecastDistillation } from './forecast.js';
import type { DistillBlockwiseOptions } from './options.js';
import { cellTasks, planDistillation } from './plan.js';
import { rehearseDistillation } from './rehearse.js';
import { RING_SLOTS, trainCells } from './train-cells.js';

/** The distill stage: one task a cell, all cells of a thread in one call, teacher features shared among threads. */
export function blockwiseStage(run: PluginRun, options: DistillBlockwiseOptions): DistillStage {
  return {
    scheduling: 'together',
    describe: (world) => `train ${cellCount(world)} cells by the teacher's features`,
    estimate: (world) => cellTasks(world, options).reduce((sum, task) => sum + task.work, 0),
    forecast: (world) => forecastDistillation(world, options),
    rehearse: (world, seconds) => rehearseDistillation({ run, options, world, seconds }),
    tasks: (world) => cellTasks(world, options),
    share(world, bundles) {
      if (bundles.length < 2) return 0;
      const { floats } = planDistillation(world, options);
      return ringBytes({ slots: RING_SLOTS, threads: bundles.length, floats });
    },
    execute: (tasks, context) => trainCells({ run, options, tasks, context }),
    collect(_, tasks, store) {
      return tasks.map((task): TrainedCell => {
        const { json } = store.loadResult(task.id)!;
        const { block, cell } = task.input as { block: number; cell: number };
        return { task: task.id, block, cell, loss: json.loss as number };
      });
    },
    conclude(cells) {
      const mean = cells.reduce((sum, { loss }) => sum + loss, 0) / cells.length;
      return `${cells.length} cells trained, mean loss ${mean.toPrecision(3)}`;
    },
  };
}

function cellCount(world: World): number {
  return world.space.blocks.reduce((sum, block) => sum + block.cells.length, 0);
}
