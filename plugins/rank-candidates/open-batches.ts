import type { RandomStream } from 'dna-nas/core';
import type { Split } from 'dna-nas/core/contracts';
import type { TaskContext } from 'dna-nas/core/stages';
import { BatchOrder, ReadAhead } from 'dna-nas/nn/training';
import type { RankCandidatesOptions } from './options.js';

type BatchContext = Pick<TaskContext, 'random' | 'data' | 'dataset' | 'events'>;

export interface BatchesRequest {
  readonly split: Split;
  /** Images of one. */
  readonly batch: number;
  readonly count: number;
  /** With it they are augmented, each by a stream that is forked from it. */
  readonly augment?: RandomStream;
}

/** Batches of a split in an order of their own, the same for every cell. */
export function openBatches(
  { random, data, dataset, events }: BatchContext,
  name: string,
  { split, batch, count, augment }: BatchesRequest,
): ReadAhead {
  const order = new BatchOrder(random.fork('rank', name), data.size[split], batch);
  return new ReadAhead(dataset, {
    split,
    request: (index) => ({
      indices: order.indices(index),
      options: { noticed: events.noticed, ...(augment && { augment: augment.fork(index) }) },
    }),
    end: count,
    waited: (seconds) => events.timeSpent('rank.data', seconds),
  });
}

/** The batches that statistics are recomputed from. */
export function openCalibration(context: BatchContext, options: RankCandidatesOptions): ReadAhead {
  const { batch, calibrationBatches: count, calibrationSplit: split, calibrationAugment } = options;
  const augment = context.random.fork('rank', 'calibration', 'augment');
  return openBatches(context, 'calibration', { split, batch, count, ...(calibrationAugment && { augment }) });
}
