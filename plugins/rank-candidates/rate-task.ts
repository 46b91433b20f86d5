import {
  BatchOrder,
  type EarlierBlock,
  type PluginRun,
  pathOf,
  type Rating,
  ReadAhead,
  stopped,
  type Task,
  type TaskContext,
  type TrainedCell,
} from 'dna-nas/core';
import { BlockFeatures } from './block-features.js';
import { CellRater } from './cell-rater.js';
import { openTrained } from './open-trained.js';
import type { RankCandidatesOptions } from './options.js';

export interface RatingPlace {
  readonly run: PluginRun;
  readonly options: RankCandidatesOptions;
  readonly rating: Rating;
  readonly context: TaskContext;
}

interface RateInput {
  readonly block: number;
  readonly cell: number;
  readonly trained: string;
  readonly earlier?: readonly EarlierBlock[];
}

/** Rates all candidates of one cell and commits the ratings. */
export async function rateTask(place: RatingPlace, task: Task): Promise<void> {
  const { store, events } = place.context;
  const { trained, ...at } = task.input as unknown as RateInput;
  const { block, cell } = at;
  const { json } = store.loadResult(trained)!;
  const network = openTrained({ task: trained, block, cell }, place.context);
  const rater = new CellRater(network, place);
  try {
    const values = await rateBatches(rater, place, {
      task,
      trained: { ...at, task: trained, loss: json.loss as number },
    });
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
  { run, options, context }: RatingPlace,
  { task, trained }: { task: Task; trained: TrainedCell },
): Promise<Float64Array> {
  const { batches, calibrationBatches, calibrationSplit } = options;
  const { events } = context;
  const calibration = openBatches(context, 'calibration', [
    calibrationSplit,
    options.batch,
    calibrationBatches,
  ]);
  const validation = openBatches(context, 'validation', ['validation', options.batch, batches]);
  const features = await BlockFeatures.open(run, context, trained);
  const done = () => events.progress(task.id, task.work / (batches + calibrationBatches));
  try {
    for (let index = 0; index < calibrationBatches; index++) {
      await features.calibrate(await calibration.take(index), ({ input }) => rater.calibrate(input));
      done();
    }
    for (let index = 0; index < batches; index++) {
      if (context.shouldStop()) throw stopped();
      await features.rate(await validation.take(index), ({ input, target }) => rater.rate(input, target));
      done();
    }
  } finally {
    features.dispose();
  }
  return rater.means();
}

/** Batches of a split in an order of their own, the same for every cell. */
function openBatches(
  { random, data, dataset, events }: TaskContext,
  name: string,
  [split, batch, end]: readonly ['train' | 'validation', batch: number, end: number],
): ReadAhead {
  const order = new BatchOrder(random.fork('rank', name), data.size[split], batch);
  return new ReadAhead(dataset, {
    split,
    request: (index) => ({ indices: order.indices(index), options: { noticed: events.noticed } }),
    end,
    waited: (seconds) => events.timeSpent('rank.data', seconds),
  });
}
