import { definePlugin } from 'dna-nas/core';
import * as schedules from 'dna-nas/nn/schedules';

export type ScheduleConstantOptions = schedules.RateOptions;

/** The same learning rate throughout, after a warm-up. */
export const scheduleConstant = definePlugin<ScheduleConstantOptions>({
  name: 'schedule-constant',
  module: 'dna-nas/plugins/schedules',
  export: 'scheduleConstant',
  description: 'The same learning rate throughout, after a warm-up.',
  options: {
    required: ['rate'],
    properties: {
      ...schedules.RATE_OPTIONS,
    },
  },
  apply(run, options) {
    run.hooks.resolveSchedule.tap('schedule-constant', () =>
      schedules.withWarmUp(options, () => schedules.constant(options.rate)),
    );
  },
});
