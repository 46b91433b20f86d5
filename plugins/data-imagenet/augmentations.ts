import type { PluginRun, RunHooks } from 'dna-nas/core';
import type { AugmentOptions } from 'dna-nas/nn/augment';
import type { Normalisation } from 'dna-nas/nn/images';
import type { StageAugmentations } from './image-producer.js';
import type { DataImagenetOptions } from './options.js';

/** The augmentations of both stages, as the run's plugins change them. The flip is done with the crop. */
export async function stageAugmentations(
  options: Pick<DataImagenetOptions, 'augment' | 'retrainAugment' | 'mean' | 'std'>,
  hooks: RunHooks | undefined,
): Promise<StageAugmentations> {
  const made = async (chosen: AugmentOptions) => {
    const list = await create(chosen, options);
    return hooks ? hooks.augmentations.promise(list) : list;
  };
  return { distill: await made(options.augment), retrain: await made(options.retrainAugment) };
}

async function create({ flip: _, ...rest }: AugmentOptions, normalisation: Normalisation) {
  if (Object.keys(rest).length === 0) return [];
  // Asked for only where it is needed: it brings the tensor library into each decoding thread.
  const { createAugmentations } = await import('dna-nas/nn/augment');
  return createAugmentations(rest, normalisation);
}

/** Whether a plugin changes augmentations: then decoding threads need the run's plugins. */
export function changesAugmentations(run: PluginRun): boolean {
  return run.hooks.augmentations.isUsed();
}
