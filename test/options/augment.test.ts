import { join } from 'node:path';
import { type Plugin, randomStream } from 'dna-nas/core';
import type { Dataset } from 'dna-nas/core/contracts';
import type { AugmentOptions } from 'dna-nas/nn/augment';
import { dataCifar10 } from 'dna-nas/plugins/data-cifar10';
import { dataIdx } from 'dna-nas/plugins/data-idx';
import { dataImagenet } from 'dna-nas/plugins/data-imagenet';
import { dataSynthetic } from 'dna-nas/plugins/data-synthetic';
import { describe, expect, it } from 'vitest';
import { makeCifarFolder } from '../data/cifar10-folder.js';
import { makeIdxFolder } from '../data/idx-folder.js';
import { openData, pluginRun, temporaryFolder } from '../data/plugin-run.js';
import { golden } from '../data-imagenet/open-images.js';

const random = randomStream('options');

const project = temporaryFolder();
const CIFAR = { path: makeCifarFolder(join(project, 'cifar10')), heldOutPerClass: 1 };
const IDX = { path: makeIdxFolder(project, [8, 8, 1]), heldOutPerClass: 1 };
const IMAGENET = { path: golden.images, imageSize: 32, heldOutPerClass: 0, threads: 0 };

/** Each option of a data set that lists augmentations, and the stage that it is for. */
const OPTIONS: readonly [name: string, stage: 'distill' | 'retrain', (augment: AugmentOptions) => Plugin][] =
  [
    ['data-synthetic.augment', 'distill', (augment) => dataSynthetic({ train: 8, channels: 3, augment })],
    ['data-cifar10.augment', 'retrain', (augment) => dataCifar10({ ...CIFAR, augment })],
    ['data-idx.augment', 'retrain', (augment) => dataIdx({ ...IDX, augment })],
    ['data-imagenet.augment', 'distill', (augment) => dataImagenet({ ...IMAGENET, augment })],
    [
      'data-imagenet.retrainAugment',
      'retrain',
      (retrainAugment) => dataImagenet({ ...IMAGENET, retrainAugment }),
    ],
  ];

/** Every augmentation, so that it surely changes an image. */
const AUGMENTATIONS: readonly [name: string, AugmentOptions][] = [
  ['flip', { flip: 1 }],
  ['shift', { shift: 5 }],
  ['randAugment', { randAugment: { probability: 1 } }],
  ['autoAugment', { autoAugment: 'v0' }],
  ['colourJitter.brightness', { colourJitter: { brightness: 0.9 } }],
  ['colourJitter.contrast', { colourJitter: { contrast: 0.9 } }],
  ['colourJitter.saturation', { colourJitter: { saturation: 0.9 } }],
  ['colourJitter.hue', { colourJitter: { hue: 0.5 } }],
  ['erase', { erase: { probability: 1 } }],
];

/** Where grey images are as they were. */
const COLOURS = ['colourJitter.saturation', 'colourJitter.hue'];

async function pixels(plugin: Plugin, stage: 'distill' | 'retrain'): Promise<number[]> {
  const dataset: Dataset = await openData(plugin, pluginRun(project));
  try {
    const { images } = await dataset.read('train', [0, 1, 2, 3, 4, 5], { augment: random, stage });
    return Array.from(images);
  } finally {
    await dataset.close();
  }
}

describe.each(OPTIONS)('%s', (option, stage, open) => {
  const inColour = /^data-(imagenet|cifar10)/.test(option);
  const shown = AUGMENTATIONS.filter(([name]) => inColour || !COLOURS.includes(name));

  it.each(shown)('%s changes what is read', async (_, augment) => {
    expect(await pixels(open(augment), stage)).not.toEqual(await pixels(open({}), stage));
  });
});

describe('data-imagenet', () => {
  it.each(['distill', 'retrain'] as const)('augments for %s by that list alone', async (stage) => {
    const option = stage === 'distill' ? 'retrainAugment' : 'augment';
    const plain = { ...IMAGENET, augment: {}, retrainAugment: {} };
    const other = { ...plain, [option]: { flip: 1 } };
    expect(await pixels(dataImagenet(other), stage)).toEqual(await pixels(dataImagenet(plain), stage));
  });
});
