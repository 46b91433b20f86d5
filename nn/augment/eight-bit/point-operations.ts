import type { ByteImage } from './byte-image.js';

const table = new Uint8Array(256);

/** 255 − value. */
export function invert(image: ByteImage): void {
  solarise(image, 0);
}

/** Inverts every value from `threshold` on; 256 leaves all as they are. */
export function solarise(image: ByteImage, threshold: number): void {
  for (let value = 0; value < 256; value++) table[value] = value < threshold ? value : 255 - value;
  look(image, table);
}

/** Adds `amount` to every value below 128, up to 255. */
export function solariseAdd(image: ByteImage, amount: number): void {
  for (let value = 0; value < 256; value++)
    table[value] = value < 128 ? Math.min(255, value + amount) : value;
  look(image, table);
}

/** Keeps the highest `bits` of each value: 8 changes nothing, 0 leaves black. */
export function posterise(image: ByteImage, bits: number): void {
  if (bits >= 8) return;
  const mask = 256 - (1 << (8 - bits));
  const { pixels } = image;
  for (let at = 0; at < pixels.length; at++) pixels[at]! &= mask;
}

/** Replaces every value of all channels by the table's. */
export function look({ pixels }: ByteImage, by: Uint8Array): void {
  for (let at = 0; at < pixels.length; at++) pixels[at] = by[pixels[at]!]!;
}

/** Replaces every value of one channel by the table's. */
export function lookChannel({ pixels, channels }: ByteImage, channel: number, by: Uint8Array): void {
  for (let at = channel; at < pixels.length; at += channels) pixels[at] = by[pixels[at]!]!;
}
