import { definePlugin } from 'dna-nas/core';
import * as schedules from 'dna-nas/nn/schedules';

export interface ScheduleCosineOptions extends schedules.RateOptions {
  /** Rate at the end. @default 0 */
  readonly final: number;
}

/** The learning rate falls along half a cosine wave over the whole training. */
export const scheduleCosine = definePlugin<ScheduleCosineOptions>({
  name: 'schedule-cosine',
  module: 'dna-nas/plugins/schedules',
  export: 'scheduleCosine',
  description: 'The learning rate falls along half a cosine wave over the whole training.',
  options: {
    required: ['rate'],
    properties: {
      ...schedules.RATE_OPTIONS,
      final: { description: 'Learning rate at the end.', type: 'number', minimum: 0, default: 0 },
    },
  },
  apply(run, options) {
    const { rate, final } = options;
    run.hooks.resolveSchedule.tap('schedule-cosine', () =>
      schedules.withWarmUp(options, ({ steps, stepsPerEpoch }) =>
        schedules.cosine({ rate, final, epochs: steps / stepsPerEpoch }),
      ),
    );
  },
});
