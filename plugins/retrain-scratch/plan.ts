import type { TrainingWorld } from 'dna-nas/core/stages';
import { BatchOrder, batchTooLarge } from 'dna-nas/nn/training';
import { unevenMicroBatches } from './errors.js';
import type { RetrainScratchOptions } from './options.js';
import { requireTargets, teacherWork } from './targets.js';
import { trainingImages } from './training-images.js';

/** Forward and backward cost about three times the forward's multiply-adds. */
const TRAINING_FACTOR = 3;

/** How one network's training is laid out over its steps. */
export interface TrainingPlan {
  readonly order: BatchOrder;
  readonly steps: number;
  /** Micro-batches of a step. */
  readonly parts: number;
  readonly microBatch: number;
  /** Whether accuracy is measured after so many steps; always after the last. */
  measuredAfter(step: number): boolean;
  /** Times that the whole test split is read. */
  readonly measurements: number;
  /** Multiply-adds, as multiples of the network's own: of a step, and of the whole. */
  readonly stepWork: number;
  readonly work: number;
  /** Multiply-adds of the teacher whose answers are learnt, of a step. */
  readonly teacherWork: number;
}

/**
 * A pure function of options and data set.
 * @throws DnaError `BATCH_TOO_LARGE`, `MICRO_BATCH_UNEVEN`, `RETRAIN_IMAGES` or `RETRAIN_TARGETS`.
 */
export function planTraining(world: TrainingWorld, options: RetrainScratchOptions): TrainingPlan {
  requireTargets(world, options);
  const train = trainingImages(world.data, options);
  const { test } = world.data.size;
  const { batch, evaluateEvery, movingAverage } = options;
  const microBatch = options.microBatch || batch;
  if (batch > train) throw batchTooLarge('retrain.batch', batch, { name: 'training', images: train });
  if (batch % microBatch !== 0) throw unevenMicroBatches(batch, microBatch);
  const order = new BatchOrder(world.random.fork('retrain').fork('data'), train, batch);
  const steps = order.steps(options.epochs);
  const between = evaluateEvery * order.stepsPerEpoch;
  const measurements = between > 0 ? Math.ceil(steps / between) : 1;
  // With a moving average both it and the trained weights are measured, on the same images.
  const evaluation = test * (movingAverage > 0 ? 2 : 1);
  const stepWork = TRAINING_FACTOR * batch;
  return {
    order,
    steps,
    parts: batch / microBatch,
    microBatch,
    measuredAfter: (step) => step === steps || (between > 0 && step % between === 0),
    measurements,
    stepWork,
    work: steps * stepWork + measurements * evaluation,
    teacherWork: batch * teacherWork(world, options),
  };
}
