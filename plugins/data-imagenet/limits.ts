import { DamagedImage } from './errors.js';
import type { ImageFormat } from './image-format.js';
import type { Size } from './view.js';

/** What images may be: by their content alone, so that every machine takes the same ones. */
export interface ImageLimits {
  readonly formats: readonly ImageFormat[];
  readonly maxPixels: number;
  readonly maxBytes: number;
}

const MEBIBYTE = 2 ** 20;

/** A progressive JPEG of a camera has 10; each is a pass over the image. */
export const MOST_SCANS = 100;

/** Of any format: as long as a JPEG's can be told. */
const LONGEST_SIDE = 65_535;

/** What a thread may take without asking: for a file, and for what is made of it. */
export const OWN_FILE = 2 * MEBIBYTE;
export const OWN_PIXELS = 6 * MEBIBYTE;

/** What all threads together have beyond that; one image may take all of it. Eight threads hold 512 MiB. */
export const SHARED_FILES = 64 * MEBIBYTE;
export const SHARED_PIXELS = 384 * MEBIBYTE;

/** @throws DamagedImage */
export function requireSize({ width, height }: Size, { maxPixels }: ImageLimits): void {
  if (width * height > maxPixels)
    throw new DamagedImage(`it is ${width}×${height}, above data.maxPixels, ${maxPixels}`);
  if (Math.max(width, height) > LONGEST_SIDE)
    throw new DamagedImage(`it is ${width}×${height}; expected sides of at most ${LONGEST_SIDE}`);
}

/** @throws DamagedImage */
export function requireMemory(bytes: number): void {
  if (bytes <= SHARED_PIXELS) return;
  const [needed, most] = [bytes, SHARED_PIXELS].map((count) => Math.ceil(count / MEBIBYTE));
  throw new DamagedImage(`to decode it takes ${needed} MiB, above the limit of ${most} MiB`);
}

/** @throws DamagedImage */
export function requireFewBytes(bytes: number, { maxBytes }: ImageLimits): void {
  if (bytes > maxBytes) throw new DamagedImage(`it has ${bytes} bytes, above data.maxBytes, ${maxBytes}`);
}
