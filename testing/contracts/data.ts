import { randomStream } from 'dna-nas/core';
import type { Batch, DataSource, Dataset, Split } from 'dna-nas/core/contracts';
import { type Check, demand } from '../check.js';
import { requireEqual, requireFinite } from '../tensors.js';

const SPLITS: readonly Split[] = ['train', 'validation', 'test'];
const MOST_IMAGES = 8;

/** A data set: images of one shape whose bits depend on index and stream alone. */
export function dataChecks(source: DataSource): Check[] {
  const opened = (work: (dataset: Dataset) => unknown) => async () => {
    const dataset = await source.open();
    try {
      await work(dataset);
    } finally {
      await dataset.close();
    }
  };
  return [
    {
      name: 'describes its images, classes and splits',
      fix: 'Give description whole numbers, images in each split, and the SHA-256 of the data as fingerprint.',
      run: opened(checkDescription),
    },
    {
      name: 'reads finite pixels and labels of its classes',
      fix: 'Give n × height × width × channels normalised pixels and labels from 0 to classes − 1.',
      run: opened(async (dataset) => {
        for (const split of SPLITS)
          checkBatch(dataset, await dataset.read(split, firstOf(dataset, split)), split);
      }),
    },
    {
      name: 'reads an image alike alone, in a batch and in another order',
      fix: 'Let an image depend on its index alone: keep no place in the file between reads.',
      run: opened(checkOrder),
    },
    {
      name: 'augments by the stream that is given',
      fix: 'Fork options.augment by the place in the batch, and draw from that alone.',
      run: opened(checkAugmentation),
    },
    {
      name: 'opens in another thread from what it shares',
      fix: 'Let shared() give plain data or shared memory, and open(shared) take it.',
      run: opened((dataset) => checkShared(source, dataset)),
    },
    {
      name: 'has the same fingerprint each time it is opened',
      fix: 'Hash the data or its manifest, not times, paths or objects.',
      run: opened(async (dataset) => {
        const again = await source.open();
        const [first, second] = [dataset, again].map(({ description }) => description.fingerprint);
        await again.close();
        demand(first === second, () => `it is ${first} and then ${second}`);
      }),
    },
  ];
}

function checkDescription({ description }: Dataset): void {
  const { image, classes, size, fingerprint, classNames, preprocessing } = description;
  for (const [name, value] of Object.entries({ ...image, classes, ...size }))
    demand(Number.isInteger(value) && value > 0, () => `${name} is ${value}`);
  demand(
    typeof fingerprint === 'string' && fingerprint.length >= 8,
    () => `its fingerprint is ${fingerprint}`,
  );
  demand(
    classNames === undefined || classNames.length === classes,
    () => `it has ${classNames?.length} names for ${classes} classes`,
  );
  for (const name of ['mean', 'std'] as const) {
    const values = preprocessing?.[name];
    demand(
      values === undefined || values.length === image.channels,
      () => `preprocessing.${name} has ${values?.length} values for ${image.channels} channels`,
    );
  }
}

function firstOf({ description }: Dataset, split: Split): number[] {
  return Array.from({ length: Math.min(MOST_IMAGES, description.size[split]) }, (_, index) => index);
}

function checkBatch({ description }: Dataset, { images, labels }: Batch, split: Split): void {
  const { image, labels: kept } = description;
  // Without labels the classes are the teacher's, whom nobody asks here, and every label is zero.
  const classes = kept === false ? 1 : description.classes;
  const expected = labels.length * image.height * image.width * image.channels;
  demand(labels.length > 0, () => `${split} gives no labels`);
  demand(images.length === expected, () => `${split} gives ${images.length} pixels, expected ${expected}`);
  requireFinite(`an image of ${split}`, images);
  const wrong = labels.find((label) => !(label >= 0 && label < classes));
  demand(wrong === undefined, () => `${split} gives the label ${wrong} of ${classes} classes`);
}

async function checkOrder(dataset: Dataset): Promise<void> {
  const indices = firstOf(dataset, 'train');
  const together = await dataset.read('train', indices);
  const turned = await dataset.read('train', [...indices].reverse());
  const pixels = together.images.length / indices.length;
  for (const index of indices) {
    const alone = await dataset.read('train', [index]);
    const place = (at: number, { images }: Batch) => images.subarray(at * pixels, (at + 1) * pixels);
    requireEqual(`a pixel of image ${index}`, alone.images, place(index, together));
    requireEqual(`a pixel of image ${index}`, alone.images, place(indices.length - 1 - index, turned));
    requireEqual('a label', alone.labels, [together.labels[index]!]);
  }
}

async function checkAugmentation(dataset: Dataset): Promise<void> {
  const indices = firstOf(dataset, 'train');
  const read = () => dataset.read('train', indices, { augment: randomStream('augment') });
  const [first, second] = [await read(), await read()];
  requireEqual('a pixel', first.images, second.images);
  checkBatch(dataset, first, 'train');
}

async function checkShared(source: DataSource, dataset: Dataset): Promise<void> {
  const other = await source.open(structuredClone(dataset.shared()));
  try {
    const indices = firstOf(dataset, 'test');
    const here = await dataset.read('test', indices);
    const there = await other.read('test', indices);
    requireEqual('a pixel', here.images, there.images);
    requireEqual('a label', here.labels, there.labels);
  } finally {
    await other.close();
  }
}
