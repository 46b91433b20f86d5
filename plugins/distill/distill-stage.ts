import type { PluginRun } from 'dna-nas/core';
import { allCells } from 'dna-nas/core/space';
import type { DistillRound, DistillStage, Task, TrainedCell, World } from 'dna-nas/core/stages';
import { trainTaskId } from 'dna-nas/core/work';
import { ringBytes } from './feature-ring.js';
import { forecastDistillation } from './forecast.js';
import { type DistillOptions, withBatch } from './options.js';
import { planDistillation, TRAINING_FACTOR } from './plan.js';
import { rehearseDistillation } from './rehearse.js';
import { type CellTask, cellTaskOf, type DistillStrategy } from './strategy.js';
import { RING_SLOTS, trainCells } from './train-cells.js';

/**
 * The distill stage of a strategy: one task a cell, a round's cells of a thread in one call, teacher features shared
 * among threads.
 */
export function distillStage(run: PluginRun, given: DistillOptions, strategy: DistillStrategy): DistillStage {
  const options = withBatch(given);
  const { openInput } = strategy;
  const layOut = (world: World, cells: readonly CellTask[]) =>
    trainTasks(world, cells, { options, strategy });
  return {
    scheduling: 'together',
    rounds: (world) => strategy.rounds?.(world) ?? 1,
    describe(world, round) {
      const all = allCells(world).length;
      const now = round ? strategy.tasks(world, round).length : all;
      return `train ${now < all ? `${now} of ` : ''}${all} cells ${strategy.description}`;
    },
    estimate: (world) => layOut(world, strategy.expected(world)).reduce((sum, { work }) => sum + work, 0),
    forecast: (world) =>
      forecastDistillation(world, { options, strategy, tasks: layOut(world, strategy.expected(world)) }),
    rehearse: (world, seconds) => rehearseDistillation({ run, options, world, seconds }),
    tasks: (world, round: DistillRound) => layOut(world, strategy.tasks(world, round)),
    share(world, bundles) {
      if (bundles.length < 2) return 0;
      const blocks = strategy.view(world, bundles.flat().map(cellTaskOf));
      const { floats } = planDistillation(world, options, blocks);
      return ringBytes({ slots: RING_SLOTS, threads: bundles.length, floats });
    },
    planned: (tasks) => tasks.map((task) => ({ task: task.id, ...cellTaskOf(task) })),
    execute: (tasks, context) => trainCells({ run, options, strategy, tasks, context }),
    ...(openInput && { openInput: async (trained, context) => openInput(trained, context) }),
    collect(_, tasks, store) {
      return tasks.map((task): TrainedCell => {
        const { json } = store.loadResult(task.id)!;
        return { task: task.id, ...cellTaskOf(task), loss: json.loss as number };
      });
    },
    conclude(cells) {
      const mean = cells.reduce((sum, { loss }) => sum + loss, 0) / cells.length;
      return `${cells.length} cells trained, mean loss ${mean.toPrecision(3)}`;
    },
  };
}

/** One task a cell; the teacher's work is booked on all cells of a round alike. */
function trainTasks(
  world: World,
  cells: readonly CellTask[],
  { options, strategy }: { options: DistillOptions; strategy: DistillStrategy },
): Task[] {
  const { steps } = planDistillation(world, options, strategy.view(world, cells));
  const rounds = strategy.rounds?.(world) ?? 1;
  const sharers = (block: number) =>
    rounds === 1 ? cells.length : cells.filter((cell) => cell.block === block).length;
  return cells.map((cell) => {
    const macs = strategy.createStudent(world, cell).meanMacs();
    const teacherShare = world.teacherDescription.macs / sharers(cell.block);
    return {
      id: trainTaskId(cell),
      stage: 'distill',
      needs: needsOf(cell),
      work: steps * options.batch * (TRAINING_FACTOR * macs + teacherShare),
      input: { ...cell },
    };
  });
}

function needsOf({ earlier = [] }: CellTask): string[] {
  return [...new Set(earlier.flatMap(({ tasks = [] }) => tasks))];
}
