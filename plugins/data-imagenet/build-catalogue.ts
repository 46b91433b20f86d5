import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { type PluginRun, randomStream } from 'dna-nas/core';
import type { DataDescription, Split } from 'dna-nas/core/contracts';
import { sharedBytes, sharedNumbers } from 'dna-nas/nn/images';
import type { Catalogue } from './catalogue.js';
import { type Classes, classesOfImages, readClasses, unlabelled } from './classes.js';
import { sharedDecodeMemory } from './decode-memory.js';
import { trainingDecoder } from './decoders.js';
import { classMismatch } from './errors.js';
import { type DataLocation, findImages } from './find-images.js';
import type { FoundImages } from './found-images.js';
import { emptyIndex, type ImageIndex } from './image-index.js';
import { IndexCache } from './index-cache.js';
import type { DataImagenetOptions } from './options.js';
import { preprocessing } from './preprocessing.js';
import { layOutSplits } from './splits.js';

/** Where indices are kept, below the project. */
const CACHE = join('.cache', 'dna-nas', 'imagenet');
/** Where the images of Parquet files are kept, below the project. */
const UNPACKED = join('.cache', 'dna-nas', 'parquet');

/** Finds the images, numbers them and lays out the splits, in memory that threads share. */
export async function buildCatalogue(
  run: Pick<PluginRun, 'project' | 'seed' | 'hooks' | 'files'>,
  location: DataLocation,
  options: DataImagenetOptions,
): Promise<Catalogue> {
  const folder = location.root;
  const noticed = (text: string) => void run.hooks.noticed.promise(text);
  const cache = new IndexCache({ folder: join(run.project, CACHE), root: folder, noticed, files: run.files });
  const unpacked = { cache: join(run.project, UNPACKED), noticed };
  const found = await findImages(location, { cache, unpacked }, options);
  requireOneKind(found);
  const { train, validation = emptyIndex(), test = emptyIndex() } = found;
  const parts = [train, validation, test];
  const classes = chooseClasses(run.project, options, found);
  const labels = sharedIntegers(parts.flatMap((part) => labelsOf(part, classes)));
  const own = { train: train.names.length, validation: validation.names.length, test: test.names.length };
  const random = randomStream(run.seed).fork('data-imagenet', 'held-out');
  const splits = layOutSplits({ labels, own, options, random });
  const columns = shareColumns(parts);
  const images: Record<Split, Uint32Array> = {
    train: sharedNumbers(splits.train),
    validation: sharedNumbers(splits.validation),
    test: sharedNumbers(splits.test),
  };
  const { testFrom } = splits;
  const identity = { columns, labels, images, classes: classes.names.length, options };
  return {
    ...columns,
    folder,
    labels,
    images,
    damagedCount: sharedIntegers([0]),
    damaged: sharedBytes(labels.length),
    decodeMemory: sharedDecodeMemory(),
    description: { ...(await describe(basename(folder), classes, identity)), ...(testFrom && { testFrom }) },
  };
}

/** Those of the file that is named, else those of the images, if these have any. */
function chooseClasses(project: string, options: DataImagenetOptions, found: FoundImages): Classes {
  const ofFile = options.classes === undefined ? undefined : readClasses(resolve(project, options.classes));
  if (!options.labels) return unlabelled(ofFile);
  return ofFile ?? classesOfImages(found);
}

type Columns = Pick<Catalogue, 'names' | 'nameEnds' | 'shards' | 'places' | 'shardOf' | 'offsets' | 'sizes'>;

interface Identity {
  readonly columns: Columns;
  readonly labels: Int32Array;
  readonly images: Readonly<Record<Split, Uint32Array>>;
  readonly classes: number;
  readonly options: DataImagenetOptions;
}

async function describe(name: string, classes: Classes, identity: Identity): Promise<DataDescription> {
  const { images, options } = identity;
  const side = options.imageSize;
  return {
    name,
    image: { height: side, width: side, channels: 3 },
    classes: classes.names.length,
    ...(options.labels ? {} : { labels: false as const }),
    ...(classes.names.length > 0 && { classNames: classes.names }),
    preprocessing: preprocessing(options),
    size: { train: images.train.length, validation: images.validation.length, test: images.test.length },
    fingerprint: await fingerprint(identity),
  };
}

/** Of names, sizes, labels and splits, not of the images' bytes; and of what decides how they are read. */
async function fingerprint({ columns, labels, images, classes, options }: Identity): Promise<string> {
  const { imageSize, evaluation, mean, std, maxPixels, maxBytes } = options;
  const read = {
    imageSize,
    evaluation,
    mean,
    std,
    maxPixels,
    maxBytes,
    formats: [...options.formats].sort(),
  };
  const decoder = await trainingDecoder();
  const hash = createHash('sha256');
  hash.update(JSON.stringify({ ...read, classes, decoder, shards: columns.shards }));
  const parts = [columns.names, columns.nameEnds, columns.sizes, labels];
  for (const part of [...parts, images.train, images.validation, images.test]) {
    hash.update(`${part.byteLength} `);
    hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  return hash.digest('hex');
}

function requireOneKind({ train, validation, test }: FoundImages): void {
  const isInShards = (part: ImageIndex | undefined) => part === undefined || part.shards.length > 0;
  const isInFiles = (part: ImageIndex | undefined) => part === undefined || part.shards.length === 0;
  const parts = [train, validation, test];
  if (parts.every(isInShards) || parts.every(isInFiles)) return;
  throw classMismatch(
    'Some parts of the data are in folders, and others in tar archives.',
    'Keep all in the same way.',
  );
}

function labelsOf(index: ImageIndex, classes: Classes): number[] {
  const labels = index.classes.map((name) => classes.labelOf(name));
  return index.classOf.map((number) => labels[number]!);
}

function shareColumns(parts: readonly ImageIndex[]): Columns {
  const join = <Value>(column: (index: ImageIndex) => readonly Value[]) => parts.flatMap(column);
  const encoded = join(({ names }) => names).map((name) => Buffer.from(name, 'utf8'));
  const names = sharedBytes(encoded.reduce((sum, { length }) => sum + length, 0));
  const nameEnds = sharedNumbers(new Uint32Array(encoded.length));
  let end = 0;
  encoded.forEach((bytes, image) => {
    names.set(bytes, end);
    end += bytes.length;
    nameEnds[image] = end;
  });
  let firstShard = 0;
  const shardOf = parts.flatMap((part) => {
    const first = firstShard;
    firstShard += part.shards.length;
    return part.shardOf.map((shard) => first + shard);
  });
  const offsets = join((index) => index.offsets);
  return {
    names,
    nameEnds,
    shards: join(({ shards }) => shards),
    places: join(({ places = [] }) => places),
    shardOf: sharedNumbers(shardOf),
    offsets: sharedDoubles(offsets),
    sizes: sharedNumbers(join(({ sizes }) => sizes)),
  };
}

function sharedIntegers(values: readonly number[]): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(4 * values.length));
  shared.set(values);
  return shared;
}

function sharedDoubles(values: readonly number[]): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(8 * values.length));
  shared.set(values);
  return shared;
}
