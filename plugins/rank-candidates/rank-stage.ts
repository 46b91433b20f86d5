import type { PluginRun } from 'dna-nas/core';
import type { Rating } from 'dna-nas/core/contracts';
import { allCells } from 'dna-nas/core/space';
import type { CellRatings, ImageReads, PlannedCell, RankStage, Task, World } from 'dna-nas/core/stages';
import { counted } from 'dna-nas/errors';
import { batchTooLarge } from 'dna-nas/nn/training';
import { imitate } from './imitate.js';
import type { RankCandidatesOptions } from './options.js';
import { rateTask } from './rate-task.js';
import { cellWork } from './rating-work.js';

export interface RankStageDependencies {
  readonly run: PluginRun;
  readonly options: RankCandidatesOptions;
  readonly rating: Rating;
}

/** The rank stage: one task a cell. */
export function rankStage({ run, options, rating }: RankStageDependencies): RankStage {
  const works = (world: World) => allCells(world).map((cell) => cellWork(cell, { options, rating, world }));
  const layOut = (world: World, planned: readonly PlannedCell[]) =>
    planned.map(
      ({ task, block, cell, earlier }): Task => ({
        id: `rate-b${block + 1}-c${cell + 1}`,
        stage: 'rank',
        needs: [task, ...new Set(earlier?.flatMap(({ tasks = [] }) => tasks))],
        work: cellWork({ block, cell }, { options, rating, world }),
        input: { block, cell, trained: task, ...(earlier && { earlier }) },
      }),
    );
  return {
    scheduling: 'apart',
    describe(world, trained) {
      const all = allCells(world).length;
      const now = trained?.length ?? all;
      return `rate all candidates of ${now < all ? `${now} of ` : ''}${counted(all, 'cell')}`;
    },
    estimate(world) {
      requireBatch(options, world);
      return works(world).reduce((sum, work) => sum + work, 0);
    },
    forecast(world) {
      const count = allCells(world).length;
      return {
        steps: count * (options.batches + options.calibrationBatches),
        images: imagesOf(options, count),
        macs: this.estimate(world),
        longestTask: Math.max(...works(world)),
      };
    },
    tasks: layOut,
    layOut,
    async execute(tasks, context) {
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

/** What so many cells read. Those that calibrate may be augmented as in distillation. */
function imagesOf(options: RankCandidatesOptions, cells: number): ImageReads {
  const { batch, batches, calibrationBatches, calibrationAugment, fineTuneSteps } = options;
  const calibration = calibrationAugment ? calibrationBatches : 0;
  const plain = batches + fineTuneSteps + calibrationBatches - calibration;
  return { plain: cells * batch * plain, ...(calibration > 0 && { distill: cells * batch * calibration }) };
}

/** Asked before anything is trained, so that hours later rating does not fail. */
function requireBatch({ batch }: RankCandidatesOptions, { data }: World): void {
  const { train, validation } = data.size;
  if (batch > validation)
    throw batchTooLarge('rank.batch', batch, { name: 'validation', images: validation });
  if (batch > train) throw batchTooLarge('rank.batch', batch, { name: 'training', images: train });
}
