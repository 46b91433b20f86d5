import { BatchOrder, pathOf, stopped, type Task, type TaskContext } from 'dna-nas/core';
import { boundariesOf, boundaryFeatures, loadRawState, tf } from 'dna-nas/nn';
import { CellRater } from './cell-rater.js';
import type { RankRelativeL1Options } from './options.js';

/** Rates all candidates of one cell and commits the ratings. */
export async function rateTask(
  options: RankRelativeL1Options,
  task: Task,
  context: TaskContext,
): Promise<void> {
  const { blocks, space, store, events } = context;
  const { block, cell, trained } = task.input as { block: number; cell: number; trained: string };
  const network = context.supernet.createCell({ space, block: blocks[block]!, cell });
  network.initialise(context.random.fork('cell', block, cell));
  loadRawState(network.tensors(), store.loadResult(trained)!.tensors);
  const rater = new CellRater(network, options);
  try {
    const values = await rateBatches(rater, options, task, context);
    const ratings = { shape: [values.length], data: Float32Array.from(values) };
    store.commitResult(task.id, {
      json: { choices: network.choices },
      tensors: new Map([['ratings', ratings]]),
    });
    // What is told is what is stored: a rating rounded to float32.
    ratings.data.forEach((rating, number) => {
      events.candidateRated({ block, cell, path: pathOf(number, network.choices), rating });
    });
  } finally {
    rater.dispose();
    network.dispose();
  }
}

async function rateBatches(
  rater: CellRater,
  options: RankRelativeL1Options,
  task: Task,
  context: TaskContext,
): Promise<Float64Array> {
  const { batch, batches } = options;
  const { block } = task.input as { block: number };
  const calibration = new BatchOrder(
    context.random.fork('rank', 'calibration'),
    context.data.size.train,
    batch,
  );
  const validation = new BatchOrder(
    context.random.fork('rank', 'validation'),
    context.data.size.validation,
    batch,
  );
  await withFeatures(context, block, ['train', calibration.indices(0)], ({ input }) =>
    rater.calibrate(input),
  );
  context.events.progress(task.id, task.work / (batches + 1));
  for (let index = 0; index < batches; index++) {
    if (context.shouldStop()) throw stopped();
    await withFeatures(context, block, ['validation', validation.indices(index)], ({ input, target }) => {
      rater.rate(input, target);
    });
    context.events.progress(task.id, task.work / (batches + 1));
  }
  return rater.means();
}

/** The teacher's features at the block's borders for some images; disposed after use. */
async function withFeatures(
  context: TaskContext,
  block: number,
  [split, indices]: readonly ['train' | 'validation', Uint32Array],
  use: (features: { input: tf.Tensor4D; target: tf.Tensor4D }) => void,
): Promise<void> {
  const { image } = context.data;
  const { boundaries, input, target } = boundariesOf([context.blocks[block]!]);
  const teacher = await context.teacher();
  const { images } = await context.dataset.read(split, indices);
  const pixels = tf.tensor4d(images, [indices.length, image.height, image.width, image.channels]);
  const features = boundaryFeatures(teacher, boundaries, pixels);
  use({ input: features[input[0]!]!, target: features[target[0]!]! });
  tf.dispose([pixels, ...features]);
}
