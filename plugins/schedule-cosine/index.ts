import { definePlugin } from 'dna-nas/core';
import { schedules } from 'dna-nas/nn';

export interface ScheduleCosineOptions {
  /** Rate at the start, before any warm-up. */
  readonly rate: number;
  /** Rate at the end. @default 0 */
  readonly final: number;
  /** Epochs in which the rate rises in a line from `warmUpFrom`; 0 for none. @default 0 */
  readonly warmUpEpochs: number;
  /** Rate at the beginning of the warm-up. @default 0 */
  readonly warmUpFrom: number;
}

/** The learning rate falls along half a cosine wave over the whole training. */
export const scheduleCosine = definePlugin<ScheduleCosineOptions>({
  name: 'schedule-cosine',
  module: 'dna-nas/plugins/schedule-cosine',
  export: 'scheduleCosine',
  description: 'The learning rate falls along half a cosine wave over the whole training.',
  options: {
    required: ['rate'],
    properties: {
      rate: { description: 'Learning rate at the start, before any warm-up.', type: 'number', minimum: 0 },
      final: { description: 'Learning rate at the end.', type: 'number', minimum: 0, default: 0 },
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
    run.hooks.resolveSchedule.tap('schedule-cosine', () => ({ steps, stepsPerEpoch }) => {
      const { rate, final } = options;
      const decay = schedules.cosine({ rate, final, epochs: steps / stepsPerEpoch });
      const schedule = schedules.warmUp(decay, { epochs: options.warmUpEpochs, from: options.warmUpFrom });
      return (step) => schedule(step / stepsPerEpoch);
    });
  },
});
