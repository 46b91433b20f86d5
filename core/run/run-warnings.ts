import type { DataDescription } from '../contracts/index.js';
import type { RetrainStage, SearchResult, TrainingWorld } from '../stages/index.js';

/**
 * What a reader must know of accuracies on test images that are no images of their own; undefined where there is
 * nothing to say. `isSearch`: whether the networks are chosen by the validation images.
 */
export function testImagesWarning(
  { name, testFrom }: DataDescription,
  { isSearch }: { readonly isSearch: boolean },
): string | undefined {
  const own = `The data set ${name} has no test images of its own: networks are tested on its`;
  if (testFrom === 'train') return `${own} training images, so that all test accuracies flatter.`;
  if (testFrom === 'validation' && isSearch)
    return `${own} validation images, by which the search chooses, so that the found network's test accuracy flatters.`;
  return undefined;
}

/** The images of each split in words; `count` writes numbers. */
export function splitsText(
  { size, testFrom }: Pick<DataDescription, 'size' | 'testFrom'>,
  count: (images: number) => string = String,
): string {
  const { train, validation, test } = size;
  const ofTest = testFrom === 'held-out' ? ' (split off, as the data have none)' : '';
  return `${count(train)} training, ${count(validation)} validation, ${count(test)} test images${ofTest}`;
}

/** What teacher and data set warn of; a run without a teacher does not search. */
export function runWarnings(world: Pick<TrainingWorld, 'data' | 'teacherDescription'>): string[] {
  const { data, teacherDescription } = world;
  const { warning } = teacherDescription ?? {};
  const ofTest = testImagesWarning(data, { isSearch: teacherDescription !== undefined });
  return [warning, ofTest].filter((text) => text !== undefined);
}

/** That a search gave fewer random networks than the retraining asks for. */
export function randomWarnings(
  { randomNetworks = 1 }: Pick<RetrainStage, 'randomNetworks'>,
  { random, randoms = [random] }: Pick<SearchResult, 'random' | 'randoms'>,
): string[] {
  if (randoms.length >= randomNetworks) return [];
  return [
    `The search gave ${randoms.length} of the ${randomNetworks} random networks that were asked for: it found no others within the limits.`,
  ];
}
