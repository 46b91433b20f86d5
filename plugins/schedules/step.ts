import { definePlugin } from 'dna-nas/core';
import * as schedules from 'dna-nas/nn/schedules';

export interface ScheduleStepOptions extends schedules.RateOptions {
  /** Epochs between drops; fractions are allowed. @default 1 */
  readonly every: number;
  /** What each drop multiplies the rate by. @default 0.9 */
  readonly factor: number;
}

/** The learning rate is multiplied by a factor every so many epochs. */
export const scheduleStep = definePlugin<ScheduleStepOptions>({
  name: 'schedule-step',
  module: 'dna-nas/plugins/schedules',
  export: 'scheduleStep',
  description: 'The learning rate is multiplied by a factor every so many epochs.',
  options: {
    required: ['rate'],
    properties: {
      ...schedules.RATE_OPTIONS,
      every: {
        description: 'Epochs between drops; fractions such as 2.4 are allowed.',
        type: 'number',
        exclusiveMinimum: 0,
        default: 1,
      },
      factor: {
        description: 'What each drop multiplies the rate by.',
        type: 'number',
        exclusiveMinimum: 0,
        default: 0.9,
      },
    },
  },
  apply(run, options) {
    run.hooks.resolveSchedule.tap('schedule-step', () =>
      schedules.withWarmUp(options, () => schedules.step(options)),
    );
  },
});
