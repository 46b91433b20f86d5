import type { PluginRun, RunHooks } from 'dna-nas/core';
import { type AugmentOptions, createAugmentations } from 'dna-nas/nn';
import type { StageAugmentations } from './image-producer.js';
import type { DataImagenetOptions } from './options.js';

/** The augmentations of both stages, as the run's plugins change them. The flip is done with the crop. */
export async function stageAugmentations(
  options: Pick<DataImagenetOptions, 'augment' | 'retrainAugment'>,
  hooks: RunHooks | undefined,
): Promise<StageAugmentations> {
  const made = async ({ flip: _, ...rest }: AugmentOptions) => {
    const list = createAugmentations(rest);
    return hooks ? hooks.augmentations.promise(list) : list;
  };
  return { distill: await made(options.augment), retrain: await made(options.retrainAugment) };
}

/** Whether a plugin changes augmentations: then decoding threads need the run's plugins. */
export function changesAugmentations(run: PluginRun): boolean {
  return run.hooks.augmentations.isUsed();
}
