import { definePlugin } from 'dna-nas/core';
import * as schedules from 'dna-nas/nn/schedules';

export interface ScheduleExponentialOptions extends schedules.RateOptions {
  /** Epochs over which the rate falls by the factor. @default 1 */
  readonly every: number;
  /** What the rate is multiplied by over `every` epochs. @default 0.9 */
  readonly factor: number;
}

/** The learning rate falls smoothly by a factor over so many epochs. */
export const scheduleExponential = definePlugin<ScheduleExponentialOptions>({
  name: 'schedule-exponential',
  module: 'dna-nas/plugins/schedules',
  export: 'scheduleExponential',
  description: 'The learning rate falls smoothly by a factor over so many epochs.',
  options: {
    required: ['rate'],
    properties: {
      ...schedules.RATE_OPTIONS,
      every: {
        description: 'Epochs over which the rate falls by the factor.',
        type: 'number',
        exclusiveMinimum: 0,
        default: 1,
      },
      factor: {
        description: 'What the rate is multiplied by over so many epochs.',
        type: 'number',
        exclusiveMinimum: 0,
        default: 0.9,
      },
    },
  },
  apply(run, options) {
    run.hooks.resolveSchedule.tap('schedule-exponential', () =>
      schedules.withWarmUp(options, () => schedules.exponential(options)),
    );
  },
});
