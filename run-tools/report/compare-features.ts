import type { FeaturesCompared, PluginRun } from 'dna-nas/core';
import type { CellChoice, Split } from 'dna-nas/core/contracts';
import type {
  ComparedBlock,
  ComparedImage,
  FoundArchitecture,
  Task,
  TaskContext,
  TrainedCell,
  World,
} from 'dna-nas/core/stages';
import type { AttachedRunFolder } from 'dna-nas/core/store';
import { quietEvents } from 'dna-nas/core/work';
import { chosenImages, type ImageChoice } from './chosen-images.js';
import { imitationUnsupported, weightsMissing } from './errors.js';

export interface Comparison {
  readonly run: PluginRun;
  readonly world: World;
  readonly folder: AttachedRunFolder;
  readonly found: FoundArchitecture;
  readonly choice: ImageChoice;
}

/** Runs every block of the found architecture beside the teacher on the chosen images. Needs a backend here. */
export async function compareFeatures(comparison: Comparison): Promise<FeaturesCompared> {
  const { run, world, folder, found, choice } = comparison;
  const rank = await run.resolve('resolveRank', 'rank');
  if (!rank.imitate) throw imitationUnsupported();
  const { split = 'validation' } = choice;
  const indices = chosenImages(world.dataset, choice);
  const trained = await trainedCells(comparison);
  const context = contextOf(comparison);
  const blocks: ComparedBlock[] = [];
  for (const [block, { cell, path }] of found.architecture.entries()) {
    const own = trained.find((one) => one.block === block && one.cell === cell);
    if (!own) throw weightsMissing(folder.path, `cell ${cell + 1} of block ${block + 1}`);
    const features = await rank.imitate({ trained: own, path, split, images: indices }, context);
    const choice: CellChoice = { cell, path };
    blocks.push({ block, name: world.blocks[block]!.name, choice, features });
  }
  const images = await comparedImages(world, split, indices);
  return { folder: folder.path, split, image: world.data.image, images, blocks };
}

/** What the tasks of the distillation left, by the stage that laid them out. */
async function trainedCells({ run, world, folder }: Comparison): Promise<readonly TrainedCell[]> {
  const distill = await run.resolve('resolveDistill', 'distill');
  const tasks = folder
    .taskIds()
    .map((id) => folder.readTask(id))
    .filter((task): task is Task => task?.stage === 'distill' && folder.hasResult(task.id));
  return distill.collect(world, tasks, folder);
}

function contextOf({ run, world, folder }: Comparison): TaskContext {
  return {
    ...world,
    store: folder,
    events: quietEvents((text) => void run.hooks.noticed.promise(text)),
    checkpointSeconds: 60,
    bundle: { index: 0, count: 1 },
    shouldStop: () => false,
  };
}

async function comparedImages(world: World, split: Split, indices: Uint32Array): Promise<ComparedImage[]> {
  const { dataset, data } = world;
  const { images, labels } = await dataset.read(split, indices);
  const size = images.length / indices.length;
  return Array.from(indices, (index, place) => {
    const name = dataset.name?.(split, index);
    const pixels = images.subarray(place * size, (place + 1) * size);
    const labelled = data.labels === false ? {} : labelOf(labels[place]!, data);
    return { index, ...(name !== undefined && { name }), ...labelled, pixels };
  });
}

function labelOf(label: number, { classNames }: World['data']): Pick<ComparedImage, 'label' | 'className'> {
  const className = classNames?.[label];
  return { label, ...(className && { className }) };
}
