import type { RandomStream } from 'dna-nas/core';
import type { Augmentation, FeatureShape } from 'dna-nas/core/contracts';
import { ByteImage, turnHue } from './eight-bit/index.js';

export interface ColourJitterOptions {
  /** Factors are drawn from 1−x to 1+x, x from 0 to 1; 0 leaves a property alone. @default 0 */
  readonly brightness?: number;
  /** Around the image's mean luminance. @default 0 */
  readonly contrast?: number;
  /** Around each pixel's luminance; images of one channel have none. @default 0 */
  readonly saturation?: number;
  /** Turns are drawn from −x to x of the colour circle, x from 0 to 0.5; images of one channel have none. @default 0 */
  readonly hue?: number;
}

/** ITU-R BT.601, as in the usual colour jitter of image libraries. */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

type Change = (pixels: Float32Array, shape: FeatureShape) => void;

/**
 * Changes brightness, contrast, saturation and hue, each by a factor of its own and in a drawn order, as torchvision
 * does, and clips to 0…1. In float32, the hue by way of bytes. Draws three values of the stream that it gets; hue and
 * order come from a fork of it.
 */
export function colourJitter(options: ColourJitterOptions): Augmentation {
  const { brightness = 0, contrast = 0, saturation = 0, hue = 0 } = options;
  for (const [name, reach] of Object.entries({ brightness, contrast, saturation })) {
    if (!(reach >= 0 && reach <= 1)) {
      throw new RangeError(`colourJitter: ${name} from 0 to 1 was expected, not ${reach}.`);
    }
  }
  if (!(hue >= 0 && hue <= 0.5)) {
    throw new RangeError(`colourJitter: hue from 0 to 0.5 was expected, not ${hue}.`);
  }
  const active = [brightness, contrast, saturation, hue].map((reach) => reach > 0);
  const several = active.filter(Boolean).length > 1;
  const bytes: { image?: ByteImage } = {};
  return {
    name: 'colour-jitter',
    apply(pixels, shape, random) {
      const [bright, contrasted, saturated] = [brightness, contrast, saturation].map(
        (reach) => 1 + reach * (2 * random.uniform() - 1),
      ) as [number, number, number];
      const own = several || hue > 0 ? random.fork('colour-jitter') : undefined;
      const turn = own ? hue * (2 * own.uniform() - 1) : 0;
      const changes: Change[] = [
        (image) => blend(image, 0, bright),
        (image, size) => blend(image, meanLuminance(image, size), contrasted),
        (image, size) => saturate(image, size, saturated),
        (image, size) => turnColours(image, size, { turn, bytes }),
      ];
      for (const index of drawOrder(own)) if (active[index]) changes[index]!(pixels, shape);
    },
  };
}

function drawOrder(random: RandomStream | undefined): ArrayLike<number> & Iterable<number> {
  return random ? random.permutation(4) : [0, 1, 2, 3];
}

/** Moves every value away from (factor > 1) or towards `base`. */
function blend(pixels: Float32Array, base: number, factor: number): void {
  for (let at = 0; at < pixels.length; at++) pixels[at] = base + factor * (pixels[at]! - base);
  clip(pixels, factor);
}

/** The same with each pixel's luminance. */
function saturate(pixels: Float32Array, { channels }: FeatureShape, factor: number): void {
  if (channels !== 3) return;
  for (let at = 0; at < pixels.length; at += 3) {
    const grey = RED * pixels[at]! + GREEN * pixels[at + 1]! + BLUE * pixels[at + 2]!;
    pixels[at] = grey + factor * (pixels[at]! - grey);
    pixels[at + 1] = grey + factor * (pixels[at + 1]! - grey);
    pixels[at + 2] = grey + factor * (pixels[at + 2]! - grey);
  }
  clip(pixels, factor);
}

/** To 0…1: a pass of its own, which is the dearest one. Towards a base in 0…1 no value leaves that range. */
function clip(pixels: Float32Array, factor: number): void {
  if (factor <= 1) return;
  for (let at = 0; at < pixels.length; at++) {
    if (pixels[at]! > 1) pixels[at] = 1;
    else if (pixels[at]! < 0) pixels[at] = 0;
  }
}

function turnColours(
  pixels: Float32Array,
  shape: FeatureShape,
  { turn, bytes }: { turn: number; bytes: { image?: ByteImage } },
): void {
  if (shape.channels !== 3) return;
  if (!bytes.image?.fits(shape)) bytes.image = new ByteImage(shape);
  turnHue(bytes.image.read(pixels), turn);
  bytes.image.write(pixels);
}

/** Over the pixels: of colour images by their weights, of others the mean of their channels. */
function meanLuminance(pixels: Float32Array, { height, width, channels }: FeatureShape): number {
  let sum = 0;
  if (channels === 3) {
    for (let at = 0; at < pixels.length; at += 3) {
      sum += RED * pixels[at]! + GREEN * pixels[at + 1]! + BLUE * pixels[at + 2]!;
    }
  } else {
    const weight = 1 / channels;
    for (let at = 0; at < pixels.length; at++) sum += weight * pixels[at]!;
  }
  return sum / (height * width);
}
