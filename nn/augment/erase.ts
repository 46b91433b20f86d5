import type { RandomStream } from 'dna-nas/core';
import type { Augmentation, FeatureShape } from 'dna-nas/core/contracts';
import type { Normalisation } from '../images/image-memory.js';
import { IMAGENET_NORMALISATION } from '../images/imagenet-normalisation.js';
import { requireProbability, requireRange } from './checks.js';
import { NormalNoise } from './normal-noise.js';

/** timm's `const`, what normalisation makes 0, and its `pixel`, what it makes standard normal noise. */
type NormalisedFill = 'const' | 'pixel';

export interface EraseOptions {
  /** Share of the images that lose a rectangle. @default 0.25 */
  readonly probability?: number;
  /** Least and greatest share of the image that the rectangle covers. @default [0.02, 0.33], or timm's [0.02, 1/3] */
  readonly area?: readonly [number, number];
  /** Least and greatest height ÷ width, drawn evenly on a logarithmic scale. @default [0.3, 3.3], or timm's [0.3, 10/3] */
  readonly aspect?: readonly [number, number];
  /**
   * A constant from 0 to 1; `noise`, uniform for each pixel and channel; or as timm fills what is normalised already
   * (and by timm's ranges): `const`, each channel's mean; `pixel`, normal noise of each channel's mean and deviation,
   * which may leave 0…1. @default 'noise'
   */
  readonly fill?: number | 'noise' | NormalisedFill;
}

interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

const ATTEMPTS = 10;

/**
 * Random erasing (Zhong et al. 2017): fills a random rectangle; an image that ten draws do not fit stays whole.
 * `normalisation`: the data's, for the fills `const` and `pixel`; of images with three channels ImageNet's serve
 * without.
 */
export function erase(
  options: EraseOptions = {},
  normalisation: Normalisation = IMAGENET_NORMALISATION,
): Augmentation {
  const { probability = 0.25, fill = 'noise' } = options;
  const normalised = fill === 'const' || fill === 'pixel';
  const { area = [0.02, normalised ? 1 / 3 : 0.33], aspect = [0.3, normalised ? 10 / 3 : 3.3] } = options;
  requireProbability('erase', probability);
  requireRange('erase: area', area, 1);
  requireRange('erase: aspect', aspect, Number.POSITIVE_INFINITY);
  if (typeof fill === 'number') requireProbability('erase: fill', fill);
  return {
    name: 'erase',
    apply(pixels, shape, random) {
      if (random.uniform() >= probability) return;
      const rectangle = drawRectangle(shape, { area, aspect }, random);
      if (!rectangle) return;
      if (normalised) fillNormalised(pixels, shape, { rectangle, fill, random, normalisation });
      else fillRectangle(pixels, shape, { rectangle, fill, random });
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

function fillNormalised(
  pixels: Float32Array,
  shape: FeatureShape,
  parts: { rectangle: Rectangle; fill: NormalisedFill; random: RandomStream; normalisation: Normalisation },
): void {
  const { rectangle, fill, normalisation } = parts;
  const { top, left, height, width } = rectangle;
  const { channels } = shape;
  const mean = channelValues(normalisation.mean, channels);
  const std = channelValues(normalisation.std, channels);
  const noise = fill === 'pixel' ? new NormalNoise(parts.random) : undefined;
  for (let row = top; row < top + height; row++) {
    const start = (row * shape.width + left) * channels;
    for (let at = start; at < start + width * channels; at += channels) {
      for (let channel = 0; channel < channels; channel++) {
        pixels[at + channel] = mean[channel]! + (noise ? std[channel]! * noise.next() : 0);
      }
    }
  }
}

function channelValues(values: readonly number[], channels: number): readonly number[] {
  if (values.length === channels) return values;
  throw new RangeError(`erase: mean and std of ${channels} channels were expected, not of ${values.length}.`);
}
