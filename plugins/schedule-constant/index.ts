import { definePlugin } from 'dna-nas/core';
import { schedules } from 'dna-nas/nn';

export interface ScheduleConstantOptions {
  /** Rate at the start, before any warm-up. */
  readonly rate: number;
  /** Epochs in which the rate rises in a line from `warmUpFrom`; 0 for none. @default 0 */
  readonly warmUpEpochs: number;
  /** Rate at the beginning of the warm-up. @default 0 */
  readonly warmUpFrom: number;
}

/** The same learning rate throughout, after a warm-up. */
export const scheduleConstant = definePlugin<ScheduleConstantOptions>({
  name: 'schedule-constant',
  module: 'dna-nas/plugins/schedule-constant',
  export: 'scheduleConstant',
  description: 'The same learning rate throughout, after a warm-up.',
  options: {
    required: ['rate'],
    properties: {
      rate: { description: 'Learning rate at the start, before any warm-up.', type: 'number', minimum: 0 },
      warmUpEpochs: {
        description:
          'Epochs in which the rate rises in a line; the schedule counts from epoch 0 all the same.',
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
    },
  },
  apply(run, options) {
    run.hooks.resolveSchedule.tap('schedule-constant', () => ({ stepsPerEpoch }) => {
      const decay = schedules.constant(options.rate);
      const schedule = schedules.warmUp(decay, { epochs: options.warmUpEpochs, from: options.warmUpFrom });
      return (step) => schedule(step / stepsPerEpoch);
    });
  },
});
