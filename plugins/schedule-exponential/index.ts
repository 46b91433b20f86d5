import { definePlugin } from 'dna-nas/core';
import { schedules } from 'dna-nas/nn';

export interface ScheduleExponentialOptions {
  /** Rate at the start, before any warm-up. */
  readonly rate: number;
  /** Epochs over which the rate falls by the factor. @default 1 */
  readonly every: number;
  /** What the rate is multiplied by over `every` epochs. @default 0.9 */
  readonly factor: number;
  /** Epochs in which the rate rises in a line from `warmUpFrom`; 0 for none. @default 0 */
  readonly warmUpEpochs: number;
  /** Rate at the beginning of the warm-up. @default 0 */
  readonly warmUpFrom: number;
}

/** The learning rate falls smoothly by a factor over so many epochs. */
export const scheduleExponential = definePlugin<ScheduleExponentialOptions>({
  name: 'schedule-exponential',
  module: 'dna-nas/plugins/schedule-exponential',
  export: 'scheduleExponential',
  description: 'The learning rate falls smoothly by a factor over so many epochs.',
  options: {
    required: ['rate'],
    properties: {
      rate: { description: 'Learning rate at the start, before any warm-up.', type: 'number', minimum: 0 },
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
    run.hooks.resolveSchedule.tap('schedule-exponential', () => ({ stepsPerEpoch }) => {
      const { rate, every, factor } = options;
      const decay = schedules.exponential({ rate, every, factor });
      const schedule = schedules.warmUp(decay, { epochs: options.warmUpEpochs, from: options.warmUpFrom });
      return (step) => schedule(step / stepsPerEpoch);
    });
  },
});
