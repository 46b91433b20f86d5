import {
  BatchOrder,
  CheckpointPacer,
  type EarlierBlock,
  type PluginRun,
  pathOf,
  type Rating,
  ReadAhead,
  type Task,
  type TaskContext,
  type TrainedCell,
} from 'dna-nas/core';
import { openView } from './answers.js';
import { BlockFeatures } from './block-features.js';
import { CellRater } from './cell-rater.js';
import { openTrained } from './open-trained.js';
import type { RankCandidatesOptions } from './options.js';
import { type BatchWork, batchWork } from './rating-work.js';

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
  const view = await openView(place.rating, place.context.blocks[block]!, place.context);
  const network = openTrained({ task: trained, block, cell }, place.context);
  const pacer = new CheckpointPacer(place.context);
  const state = () => rater.state();
  const saveIfDue = () => pacer.saveIfDue(() => [{ task: task.id, step: rater.step, state }]);
  const rater = new CellRater(network, { ...place, view, between: saveIfDue });
  try {
    const checkpoint = store.loadCheckpoint(task.id);
    if (checkpoint) rater.load(checkpoint);
    const cellTrained = { ...at, task: trained, loss: json.loss as number };
    const work = batchWork(network, { ...place, world: place.context });
    const done = (batch: keyof BatchWork) => events.progress(task.id, work[batch]);
    const values = await rateBatches({ rater, saveIfDue, done }, place, cellTrained);
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

interface RatedCell {
  readonly rater: CellRater;
  saveIfDue(): void;
  /** Tells that a batch is done. */
  done(batch: keyof BatchWork): void;
}

async function rateBatches(
  { rater, saveIfDue, done }: RatedCell,
  { run, options, context }: RatingPlace,
  trained: TrainedCell,
): Promise<Float64Array> {
  const { batches, calibrationBatches, calibrationSplit, batch } = options;
  const calibration = openBatches(context, 'calibration', [calibrationSplit, batch, calibrationBatches]);
  const validation = openBatches(context, 'validation', ['validation', batch, batches]);
  const features = await BlockFeatures.open(run, context, trained);
  try {
    const { calibrated, rated } = rater.position;
    // What the student's own blocks have calibrated is in no checkpoint: it takes one path, not all.
    for (let index = features.calibrates ? 0 : calibrated; index < calibrationBatches; index++) {
      saveIfDue();
      const isNew = index >= calibrated;
      await features.calibrate(await calibration.take(index), ({ input }) => {
        if (isNew) rater.calibrate(input);
      });
      if (isNew) done('calibrate');
    }
    for (let index = rated; index < batches; index++) {
      saveIfDue();
      await features.rate(await validation.take(index), ({ input, target }) => rater.rate(input, target));
      done('rate');
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
