import type { CellSupernet, ForwardContext } from 'dna-nas/core/contracts';
import type { CellInput, TaskContext, TrainedCell } from 'dna-nas/core/stages';
import { CALIBRATE, EVALUATE, tf } from 'dna-nas/nn';
import { KeptStatistics } from 'dna-nas/nn/training';
import { loadRawState, stateUnder } from 'dna-nas/nn/weights';
import { earlierName } from './cell-chain.js';

/** One earlier block along its best-rated path. */
interface Part {
  readonly cell: CellSupernet;
  readonly path: readonly number[];
}

/** Opens the student's blocks before a trained cell, each along its best-rated path, with the weights it had there. */
export function studentInput(trained: TrainedCell, context: TaskContext): CellInput {
  const parts = (trained.earlier ?? []).map((_, index) => openPart(trained, index, context));
  const buffers = parts.flatMap(({ cell, path }) =>
    [...cell.pathTensors(path).values()].filter(({ role }) => role === 'buffer'),
  );
  const statistics = new KeptStatistics();
  const run = (images: tf.Tensor4D, mode: ForwardContext): tf.Tensor4D =>
    tf.tidy(() =>
      parts.reduce<tf.Tensor>((x, { cell, path }) => cell.forward(x, path, mode), images.clone()),
    ) as tf.Tensor4D;
  return {
    calibrate(images) {
      const input = run(images, CALIBRATE);
      statistics.add(buffers);
      return input;
    },
    forward(images) {
      statistics.restore(buffers);
      return run(images, EVALUATE);
    },
    dispose() {
      statistics.dispose();
      for (const { cell } of parts) cell.dispose();
    },
  };
}

function openPart(trained: TrainedCell, index: number, context: TaskContext): Part {
  const { block, candidates, tasks } = trained.earlier![index]!;
  const { cell: number, path } = candidates[0]!;
  const { space, blocks, supernet, store, random } = context;
  const cell = supernet.createCell({ space, block: blocks[block]!, cell: number });
  cell.initialise(random.fork('cell', block, number));
  const own = tasks?.[0];
  const { tensors } = store.loadResult(own ?? trained.task)!;
  const state = own === undefined ? stateUnder(tensors, `${earlierName(block, number)}.`) : tensors;
  loadRawState(cell.pathTensors(path), state);
  return { cell, path };
}
