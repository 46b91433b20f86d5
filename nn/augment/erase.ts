import type { Augmentation, FeatureShape, RandomStream } from 'dna-nas/core';
import { requireProbability, requireRange } from './checks.js';

export interface EraseOptions {
  /** Share of the images that lose a rectangle. @default 0.25 */
  readonly probability?: number;
  /** Least and greatest share of the image that the rectangle covers. @default [0.02, 0.33] */
  readonly area?: readonly [number, number];
  /** Least and greatest height ÷ width; drawn evenly on a logarithmic scale. @default [0.3, 3.3] */
  readonly aspect?: readonly [number, number];
  /** A constant from 0 to 1, or `noise`: uniform for each pixel and channel. @default 'noise' */
  readonly fill?: number | 'noise';
}

interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

const ATTEMPTS = 10;

/** Random erasing (Zhong et al. 2017): fills a random rectangle; an image that ten draws do not fit stays whole. */
export function erase(options: EraseOptions = {}): Augmentation {
  const { probability = 0.25, area = [0.02, 0.33], aspect = [0.3, 3.3], fill = 'noise' } = options;
  requireProbability('erase', probability);
  requireRange('erase: area', area, 1);
  requireRange('erase: aspect', aspect, Number.POSITIVE_INFINITY);
  if (fill !== 'noise') requireProbability('erase: fill', fill);
  return {
    name: 'erase',
    apply(pixels, shape, random) {
      if (random.uniform() >= probability) return;
      const rectangle = drawRectangle(shape, { area, aspect }, random);
      if (rectangle) fillRectangle(pixels, shape, { rectangle, fill, random });
    },
  };
}

function drawRectangle(
  shape: FeatureShape,
  ranges: { area: readonly [number, number]; aspect: readonly [number, number] },
  random: RandomStream,
): Rectangle | undefined {
  const between = ([low, high]: readonly [number, number]) => low + (high - low) * random.uniform();
  const logarithms: [number, number] = [Math.log(ranges.aspect[0]), Math.log(ranges.aspect[1])];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = between(ranges.area) * shape.height * shape.width;
    const aspect = Math.exp(between(logarithms));
    const height = Math.round(Math.sqrt(area * aspect));
    const width = Math.round(Math.sqrt(area / aspect));
    if (height < 1 || width < 1 || height > shape.height || width > shape.width) continue;
    const top = random.integer(shape.height - height + 1);
    const left = random.integer(shape.width - width + 1);
    return { top, left, height, width };
  }
  return undefined;
}

function fillRectangle(
  pixels: Float32Array,
  shape: FeatureShape,
  { rectangle, fill, random }: { rectangle: Rectangle; fill: number | 'noise'; random: RandomStream },
): void {
  const { top, left, height, width } = rectangle;
  for (let row = top; row < top + height; row++) {
    const start = (row * shape.width + left) * shape.channels;
    const end = start + width * shape.channels;
    if (fill !== 'noise') pixels.fill(fill, start, end);
    else for (let at = start; at < end; at++) pixels[at] = random.uniform();
  }
}
