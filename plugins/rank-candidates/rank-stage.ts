import {
  batchTooLarge,
  type CellRatings,
  type PlannedCell,
  type PluginRun,
  type RankStage,
  type Task,
  type World,
} from 'dna-nas/core';
import { imitate } from './imitate.js';
import type { RankCandidatesOptions } from './options.js';
import { rateTask } from './rate-task.js';

/** The rank stage: one task a cell. */
export function rankStage(run: PluginRun, options: RankCandidatesOptions): RankStage {
  const images = (options.batches + options.calibrationBatches) * options.batch;
  const taskWork = (world: World, block: number, cell: number): number => {
    const { blocks, space, supernet, teacherDescription } = world;
    const network = supernet.createCell({ space, block: blocks[block]!, cell });
    return images * (treeFactor(network.choices) * network.meanMacs() + teacherDescription.macs);
  };
  const cells = (world: World) =>
    world.space.blocks.flatMap((block, index) => block.cells.map((_, cell) => ({ block: index, cell })));
  const layOut = (world: World, planned: readonly PlannedCell[]) =>
    planned.map(
      ({ task, block, cell, earlier }): Task => ({
        id: `rate-b${block + 1}-c${cell + 1}`,
        stage: 'rank',
        needs: [task, ...new Set(earlier?.flatMap(({ tasks = [] }) => tasks))],
        work: taskWork(world, block, cell),
        input: { block, cell, trained: task, ...(earlier && { earlier }) },
      }),
    );
  return {
    scheduling: 'apart',
    describe: (world) => `rate all candidates of ${cells(world).length} cells`,
    estimate(world) {
      requireBatch(options, world);
      return cells(world).reduce((sum, { block, cell }) => sum + taskWork(world, block, cell), 0);
    },
    forecast(world) {
      const count = cells(world).length;
      const batches = options.batches + options.calibrationBatches;
      return { steps: batches * count, images: images * count, macs: this.estimate(world) };
    },
    tasks: layOut,
    layOut,
    async execute(tasks, context) {
      const rating = await run.resolve('resolveRating', 'rank.rating');
      for (const task of tasks) await rateTask({ run, options, rating, context }, task);
    },
    collect: (_, tasks, store) =>
      tasks.map((task): CellRatings => {
        const { block, cell } = task.input as { block: number; cell: number };
        const { json, tensors } = store.loadResult(task.id)!;
        const values = Float64Array.from(tensors.get('ratings')!.data);
        return { block, cell, choices: json.choices as number[], values };
      }),
    imitate: (request, context) => imitate({ run, options, context }, request),
    conclude(ratings) {
      const count = ratings.reduce((sum, { values }) => sum + values.length, 0);
      return `${count} candidates rated`;
    },
  };
}

/** Layers run in a walk over all paths with shared prefixes, in units of one whole path. */
function treeFactor(choices: readonly number[]): number {
  let nodes = 0;
  let width = 1;
  for (const operations of choices) {
    width *= operations;
    nodes += width;
  }
  return nodes / choices.length;
}

/** Asked before anything is trained, so that hours later rating does not fail. */
function requireBatch({ batch }: RankCandidatesOptions, { data }: World): void {
  const { train, validation } = data.size;
  if (batch > validation)
    throw batchTooLarge('rank.batch', batch, { name: 'validation', images: validation });
  if (batch > train) throw batchTooLarge('rank.batch', batch, { name: 'training', images: train });
}
