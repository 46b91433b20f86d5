import { join } from 'node:path';
import { ifExists, nodeFiles } from 'dna-nas/files';
import type { LabelledImages } from 'dna-nas/nn/images';
import { dataCorrupt, dataFileMissing } from './errors.js';
import { BATCHES, CLASSES, IMAGE, PIXELS, PLANE } from './format.js';

/** A record of the binary version: the label, then the red, the green and the blue plane. */
const RECORD = 1 + PIXELS;

/** Reads one set of CIFAR-10's binary version. @throws DnaError `DATA_FILE_MISSING` or `DATA_CORRUPT` */
export function readBinary(folder: string, set: keyof typeof BATCHES): LabelledImages {
  const files = BATCHES[set].map((name) => readRecords(join(folder, `${name}.bin`)));
  const count = files.reduce((sum, { length }) => sum + length / RECORD, 0);
  const [pixels, labels] = [new Uint8Array(count * PIXELS), new Uint8Array(count)];
  let image = 0;
  for (const bytes of files) {
    for (let at = 0; at < bytes.length; at += RECORD, image++) {
      labels[image] = bytes[at]!;
      const target = pixels.subarray(image * PIXELS, (image + 1) * PIXELS);
      interleave(bytes.subarray(at + 1, at + RECORD), target);
    }
  }
  return { pixels, labels };
}

/** The bytes of one file of the binary version. */
export function encodeBinary({ pixels, labels }: LabelledImages): Uint8Array {
  const bytes = new Uint8Array(labels.length * RECORD);
  for (const [image, label] of labels.entries()) {
    const at = image * RECORD;
    bytes[at] = label;
    separate(pixels.subarray(image * PIXELS, (image + 1) * PIXELS), bytes.subarray(at + 1, at + RECORD));
  }
  return bytes;
}

function readRecords(file: string): Uint8Array {
  const bytes = ifExists(() => nodeFiles.readFile(file));
  if (!bytes) throw dataFileMissing(file);
  if (bytes.length === 0 || bytes.length % RECORD !== 0)
    throw dataCorrupt(
      file,
      `${bytes.length} bytes`,
      `a multiple of ${RECORD}, which an image and its label take`,
    );
  for (let at = 0; at < bytes.length; at += RECORD) {
    const expected = `a class from 0 to ${CLASSES.length - 1}`;
    if (bytes[at]! >= CLASSES.length) throw dataCorrupt(file, `byte ${at} is ${bytes[at]}`, expected);
  }
  return bytes;
}

/** Three planes to height × width × channels. */
function interleave(planes: Uint8Array, target: Uint8Array): void {
  for (let channel = 0; channel < IMAGE.channels; channel++) {
    const from = channel * PLANE;
    for (let place = 0; place < PLANE; place++)
      target[place * IMAGE.channels + channel] = planes[from + place]!;
  }
}

/** The inverse of `interleave`. */
function separate(pixels: Uint8Array, planes: Uint8Array): void {
  for (let channel = 0; channel < IMAGE.channels; channel++) {
    const to = channel * PLANE;
    for (let place = 0; place < PLANE; place++)
      planes[to + place] = pixels[place * IMAGE.channels + channel]!;
  }
}
