import { definePlugin } from 'dna-nas/core';
import { schedules } from 'dna-nas/nn';

export interface ScheduleStepOptions {
  /** Rate at the start, before any warm-up. */
  readonly rate: number;
  /** Epochs between drops; fractions are allowed. @default 1 */
  readonly every: number;
  /** What each drop multiplies the rate by. @default 0.9 */
  readonly factor: number;
  /** Epochs in which the rate rises in a line from `warmUpFrom`; 0 for none. @default 0 */
  readonly warmUpEpochs: number;
  /** Rate at the beginning of the warm-up. @default 0 */
  readonly warmUpFrom: number;
}

/** The learning rate is multiplied by a factor every so many epochs. */
export const scheduleStep = definePlugin<ScheduleStepOptions>({
  name: 'schedule-step',
  module: 'dna-nas/plugins/schedule-step',
  export: 'scheduleStep',
  description: 'The learning rate is multiplied by a factor every so many epochs.',
  options: {
    required: ['rate'],
    properties: {
      rate: { description: 'Learning rate at the start, before any warm-up.', type: 'number', minimum: 0 },
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
    run.hooks.resolveSchedule.tap('schedule-step', () => ({ stepsPerEpoch }) => {
      const { rate, every, factor } = options;
      const decay = schedules.step({ rate, every, factor });
      const schedule = schedules.warmUp(decay, { epochs: options.warmUpEpochs, from: options.warmUpFrom });
      return (step) => schedule(step / stepsPerEpoch);
    });
  },
});
