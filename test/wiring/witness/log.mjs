// What the witnesses write down: a line of JSON each, in a file beside this one, from whichever thread. A test in this
// process hears of each as it happens: dna-witness.
import { appendFileSync } from 'node:fs';

const LOG = new URL('./log.jsonl', import.meta.url);

export function note(who, entry) {
  appendFileSync(LOG, `${JSON.stringify({ who, ...entry })}\n`);
  process.emit('dna-witness', { who, ...entry });
}

/** The three values of the first pixel of each image: index, split and augmentation (see data.mjs). */
export function marks(tensor) {
  const [images, height, width, channels] = tensor.shape;
  if (channels !== 3) return undefined;
  const values = tensor.dataSync();
  return Array.from({ length: images }, (_, image) => {
    const at = image * height * width * channels;
    return Array.from(values.subarray(at, at + 3), (value) => Math.round(value * 1000) / 1000);
  });
}
