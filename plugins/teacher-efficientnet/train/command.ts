import type { PluginCommand } from 'dna-nas/core';
import { TRAIN_OPTIONS } from './options.js';

/** `dna teacher train`: trains a teacher on a data plugin's set, or tunes one to it, and writes its weights. */
export const trainCommand: PluginCommand = {
  name: 'teacher train',
  description: 'Train an EfficientNet on a data set, or tune a trained one to it, and write it as a teacher.',
  options: TRAIN_OPTIONS,
  stoppable: true,
  async run(options, tools) {
    // A run has no use for what trains its teacher.
    const { trainOnData } = await import('./train-on-data.js');
    return trainOnData(options, tools);
  },
};
