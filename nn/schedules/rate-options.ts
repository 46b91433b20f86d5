import type { OptionSchema } from 'dna-nas/core';
import type { ScheduleFactory, ScheduleRequest } from 'dna-nas/core/contracts';
import type { Schedule } from './schedule.js';
import { warmUp } from './warm-up.js';

/** What every schedule plugin lets one set. */
export interface RateOptions {
  /** Rate at the start, before any warm-up. */
  readonly rate: number;
  /** Epochs in which the rate rises in a line from `warmUpFrom`; 0 for none. @default 0 */
  readonly warmUpEpochs: number;
  /** Rate at the beginning of the warm-up. @default 0 */
  readonly warmUpFrom: number;
  /** Whether the rate rises with every step, or at the beginning of each epoch alone. @default 'step' */
  readonly warmUpBy: 'step' | 'epoch';
}

/** Schemas of `RateOptions`; `rate` is to be required. */
export const RATE_OPTIONS: Readonly<Record<keyof RateOptions, OptionSchema>> = {
  rate: { description: 'Learning rate at the start, before any warm-up.', type: 'number', minimum: 0 },
  warmUpEpochs: {
    description: 'Epochs in which the rate rises in a line; the schedule counts from epoch 0 all the same.',
    type: 'number',
    minimum: 0,
    default: 0,
  },
  warmUpFrom: {
    description: 'Rate at the beginning of the warm-up.',
    type: 'number',
    minimum: 0,
    default: 0,
  },
  warmUpBy: {
    description: 'Whether the rate rises with every step, or at the beginning of each epoch alone.',
    enum: ['step', 'epoch'],
    default: 'step',
  },
};

/** A schedule plugin's answer: the schedule that `create` makes for a training, after the warm-up. */
export function withWarmUp(
  { warmUpEpochs, warmUpFrom, warmUpBy }: RateOptions,
  create: (request: ScheduleRequest) => Schedule,
): ScheduleFactory {
  return (request) => {
    const { stepsPerEpoch } = request;
    const schedule = warmUp(create(request), { epochs: warmUpEpochs, from: warmUpFrom });
    return (step) => {
      const epoch = step / stepsPerEpoch;
      const rising = warmUpBy === 'epoch' && epoch < warmUpEpochs;
      return schedule(rising ? Math.floor(epoch) : epoch);
    };
  };
}
