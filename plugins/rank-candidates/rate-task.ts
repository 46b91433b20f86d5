import type { PluginRun } from 'dna-nas/core';
import type { CellSupernet, Rating, Split } from 'dna-nas/core/contracts';
import { pathOf } from 'dna-nas/core/space';
import type { EarlierBlock, Task, TaskContext, TaskState, TrainedCell } from 'dna-nas/core/stages';
import { CheckpointPacer } from 'dna-nas/core/work';
import { tf } from 'dna-nas/nn';
import { errorInTask, PerImagePass, type TaskAtWork } from 'dna-nas/nn/training';
import { openRests, openView } from './answers.js';
import { BlockFeatures } from './block-features.js';
import { CellRater } from './cell-rater.js';
import { EqualPaths } from './equal-paths.js';
import { FeatureBank } from './feature-bank.js';
import { FineTunedRater } from './fine-tuned-rater.js';
import { openBatches, openCalibration } from './open-batches.js';
import { openTrained } from './open-trained.js';
import type { RankCandidatesOptions } from './options.js';
import { batchWork, fineTuneWork } from './rating-work.js';
import { WalkProgress } from './walk-progress.js';

export interface RatingDependencies {
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
export async function rateTask(dependencies: RatingDependencies, task: Task): Promise<void> {
  const { store, events } = dependencies.context;
  const { trained, ...at } = task.input as unknown as RateInput;
  const { block, cell } = at;
  const { json } = store.loadResult(trained)!;
  const network = openTrained({ task: trained, block, cell }, dependencies.context);
  const cellTrained = { ...at, task: trained, loss: json.loss as number };
  const equals = new EqualPaths(dependencies.context.space, { block, cell });
  const rateAll = dependencies.options.fineTuneSteps > 0 ? rateFineTuned : rateAsTrained;
  try {
    const values = await rateAll({ ...dependencies, task, network, trained: cellTrained, equals });
    const ratings = { shape: [values.length], data: Float32Array.from(equals.spread(values)) };
    store.commitResult(task.id, {
      json: { choices: network.choices },
      tensors: new Map([['ratings', ratings]]),
    });
    // What is told is what is stored: a rating rounded to float32.
    ratings.data.forEach((rating, number) => {
      events.candidateRated({ block, cell, path: pathOf(number, network.choices), rating });
    });
  } finally {
    network.dispose();
  }
}

interface RatingJob extends RatingDependencies {
  readonly task: Task;
  readonly network: CellSupernet;
  readonly trained: TrainedCell;
  readonly equals: EqualPaths;
}

/** A rater whose checkpoints are written when they are due. */
interface Saved {
  readonly step: number;
  state(): TaskState;
  load(state: TaskState): void;
}

/**
 * Takes up the rater's checkpoint, if there is one; the answer saves it when that is due.
 * @param beforeSaving tells the work that the checkpoint holds: whoever takes it up tells what comes after
 */
function keepSaved({ task, context }: RatingJob, rater: Saved, beforeSaving = () => {}): () => void {
  const checkpoint = context.store.loadCheckpoint(task.id);
  if (checkpoint) rater.load(checkpoint);
  const pacer = new CheckpointPacer(context);
  return () =>
    pacer.saveIfDue(() => {
      beforeSaving();
      return [{ task: task.id, step: rater.step, state: () => rater.state() }];
    });
}

async function rateAsTrained(job: RatingJob): Promise<Float64Array> {
  const { run, options, context, network, task, trained } = job;
  const { batches, calibrationBatches, batch } = options;
  const view = await openView(job.rating, context.blocks[trained.block]!, context);
  const pass = new PerImagePass({ what: `The rating of ${task.id}`, noticed: context.events.noticed });
  const rater = new CellRater(network, {
    ...{ ...job, view, pass },
    between() {
      told.tell(rater);
      saveIfDue();
    },
  });
  const saveIfDue = keepSaved(job, rater, () => told.tell(rater, true));
  const work = batchWork(network, { ...job, world: context });
  const told = new WalkProgress(rater, { work, calibrationBatches }, (done) =>
    context.events.progress(task.id, done),
  );
  const calibration = openCalibration(context, options);
  const validation = openBatches(context, 'validation', { split: 'validation', batch, count: batches });
  const features = await BlockFeatures.open(run, context, trained);
  const held = tf.memory().numBytes;
  try {
    const { calibrated, rated } = rater.position;
    // What the student's own blocks have calibrated is in no checkpoint: it takes one path, not all.
    for (let index = features.calibrates ? 0 : calibrated; index < calibrationBatches; index++) {
      saveIfDue();
      const isNew = index >= calibrated;
      await features.calibrate(await calibration.take(index), ({ input }) => {
        if (isNew) rater.calibrate(input);
      });
      told.tell(rater, true);
    }
    for (let index = rated; index < batches; index++) {
      await features.rate(await validation.take(index), ({ input, target }) => rater.rate(input, target));
      told.tell(rater, true);
    }
    return rater.means();
  } catch (error) {
    const trial = () => new CellRater(network, { ...job, view, pass, between: () => {} });
    const attempt = (size: number) => tryBatch(job, { features, trial, size });
    throw await errorInTask(error, { ...workOf(job), held, attempt });
  } finally {
    features.dispose();
    rater.dispose();
  }
}

async function rateFineTuned(job: RatingJob): Promise<Float64Array> {
  const { run, options, context, network, task, trained } = job;
  const { batches, calibrationBatches, batch, fineTuneSteps } = options;
  const block = context.blocks[trained.block]!;
  const rater = new FineTunedRater(network, {
    ...job,
    paths: job.equals.distinct,
    openRest: await openRests(block, context),
    random: context.random.fork('rank', 'fine-tune', trained.block, trained.cell),
    between: () => saveIfDue(),
  });
  const saveIfDue = keepSaved(job, rater);
  const view = await openView(job.rating, block, context);
  const features = await BlockFeatures.open(run, context, trained);
  const bank = new FeatureBank(features, view);
  const open = (name: string, split: 'train' | 'validation', count: number) =>
    openBatches(context, name, { split, batch, count });
  const held = tf.memory().numBytes;
  try {
    // First the batches that calibrate: the student's earlier blocks are to be calibrated for the others.
    const calibration = openCalibration(context, options);
    const calibrate = await bank.calibrationInputs(calibration, calibrationBatches);
    const fineTune = await bank.knownBatches(open('fine-tune', 'train', fineTuneSteps), fineTuneSteps);
    const rate = await bank.knownBatches(open('validation', 'validation', batches), batches);
    const work = fineTuneWork(network, { ...job, world: context });
    // A start that goes on from a checkpoint computes them once more, which is no work of the task.
    if (rater.step === 0) context.events.progress(task.id, work.features);
    return rater.rate({ fineTune, calibrate, rate }, () => context.events.progress(task.id, work.path));
  } catch (error) {
    throw await errorInTask(error, { ...workOf(job), held });
  } finally {
    features.dispose();
    bank.dispose();
  }
}

/** What can be made smaller. Statistics of batch norm depend on the whole batch, so it is not made smaller by itself. */
function workOf({ task, options: { batch } }: RatingJob): TaskAtWork {
  return { task: task.id, option: 'rank.batch', batch };
}

interface Trial {
  readonly features: BlockFeatures;
  readonly size: number;
  /** A rater of the cell whose progress nobody is told. */
  trial(): CellRater;
}

/** Goes through the cell with fewer images, calibrating and rating, by which its statistics are spoilt. */
async function tryBatch({ context, options }: RatingJob, { features, trial, size }: Trial): Promise<void> {
  const rater = trial();
  const indices = Array.from({ length: size }, (_, index) => index);
  const read = (split: Split) => context.dataset.read(split, indices);
  try {
    if (options.calibrationBatches > 0)
      await features.calibrate(await read(options.calibrationSplit), ({ input }) => rater.calibrate(input));
    await features.rate(await read('validation'), ({ input, target }) => rater.rate(input, target));
  } finally {
    rater.dispose();
  }
}
