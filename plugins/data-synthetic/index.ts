import { createHash } from 'node:crypto';
import { definePlugin, type PluginRun, randomStream } from 'dna-nas/core';
import type { Dataset, Split } from 'dna-nas/core/contracts';
import { type ImageMemory, measureChannels, openImages, sharedBytes, sharedNumbers } from 'dna-nas/nn/images';
import { drawGrating } from './gratings.js';
import { type DataSyntheticOptions, OPTIONS } from './options.js';

export type { DataSyntheticOptions } from './options.js';

/** Generated images that a small network tells apart within seconds: for tests and trials. */
export const dataSynthetic = definePlugin<DataSyntheticOptions>({
  name: 'data-synthetic',
  description: 'Generated images of stripes whose orientation is the class: for tests and trials.',
  module: import.meta.url,
  export: 'dataSynthetic',
  options: OPTIONS,
  apply(run, options) {
    const source = { open: (shared?: unknown) => open(run, options, shared as ImageMemory | undefined) };
    run.hooks.resolveData.tap('data-synthetic', () => source);
  },
});

async function open(
  { hooks }: PluginRun,
  options: DataSyntheticOptions,
  shared?: ImageMemory,
): Promise<Dataset> {
  return openImages(shared ?? generate(options), hooks, options.augment);
}

/** Image i of a split has class i modulo the classes, and a stream of its own: sizes change no image. */
function generate(options: DataSyntheticOptions): ImageMemory {
  const { size, channels, classes, noise } = options;
  const image = { height: size, width: size, channels };
  const bytes = size * size * channels;
  const splits: readonly Split[] = ['train', 'validation', 'test'];
  const count = options.train + options.validation + options.test;
  const pixels = sharedBytes(count * bytes);
  const labels = sharedBytes(count);
  const random = randomStream(options.seed).fork('data-synthetic');
  const images: Partial<Record<Split, Uint32Array>> = {};
  let next = 0;
  for (const split of splits) {
    images[split] = sharedNumbers(Array.from({ length: options[split] }, (_, i) => next + i));
    for (let i = 0; i < options[split]; i++, next++) {
      const label = i % classes;
      labels[next] = label;
      const target = pixels.subarray(next * bytes, (next + 1) * bytes);
      drawGrating(target, image, { label, classes, noise }, random.fork(split, i));
    }
  }
  const memory = { pixels, labels, images: images as Record<Split, Uint32Array> };
  const normalisation = measureChannels(pixels, memory.images.train, image);
  return { ...memory, normalisation, description: describe(options, memory) };
}

function describe(
  options: DataSyntheticOptions,
  { pixels, labels }: { pixels: Uint8Array; labels: Uint8Array },
): ImageMemory['description'] {
  const { size, channels, classes, train, validation, test } = options;
  const sizes = { train, validation, test };
  const manifest = JSON.stringify({ size, channels, classes, ...sizes });
  return {
    name: 'synthetic',
    image: { height: size, width: size, channels },
    classes,
    classNames: Array.from({ length: classes }, (_, label) => `${Math.round((180 * label) / classes)}°`),
    size: sizes,
    fingerprint: createHash('sha256').update(manifest).update(pixels).update(labels).digest('hex'),
  };
}
