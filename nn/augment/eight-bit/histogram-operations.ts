import type { ByteImage } from './byte-image.js';
import { lookChannel } from './point-operations.js';

const histogram = new Uint32Array(256);
const table = new Uint8Array(256);

/** Stretches each channel from its least and greatest value to 0 and 255; a channel of one value stays. */
export function autoContrast(image: ByteImage): void {
  for (let channel = 0; channel < image.channels; channel++) {
    count(image, channel);
    const low = histogram.findIndex((pixels) => pixels > 0);
    const high = histogram.findLastIndex((pixels) => pixels > 0);
    if (high <= low) continue;
    const scale = 255 / (high - low);
    const offset = -low * scale;
    // Cut off, not rounded, and from a product and a sum: as Pillow does.
    for (let value = 0; value < 256; value++) {
      table[value] = Math.min(255, Math.max(0, Math.trunc(value * scale + offset)));
    }
    lookChannel(image, channel, table);
  }
}

/** Makes the values of each channel equally frequent, as well as a table of values can. */
export function equalise(image: ByteImage): void {
  for (let channel = 0; channel < image.channels; channel++) {
    count(image, channel);
    const last = histogram.findLastIndex((pixels) => pixels > 0);
    const pixels = image.height * image.width;
    // No step: one value alone, or fewer pixels than there are values.
    const step = Math.floor((pixels - histogram[last]!) / 255);
    if (step === 0) continue;
    let sum = step >> 1;
    for (let value = 0; value < 256; value++) {
      table[value] = Math.min(255, Math.floor(sum / step));
      sum += histogram[value]!;
    }
    lookChannel(image, channel, table);
  }
}

function count({ pixels, channels }: ByteImage, channel: number): void {
  histogram.fill(0);
  for (let at = channel; at < pixels.length; at += channels) histogram[pixels[at]!]!++;
}
