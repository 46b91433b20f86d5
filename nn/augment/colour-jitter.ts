import type { Augmentation, FeatureShape } from 'dna-nas/core';

export interface ColourJitterOptions {
  /** Factors are drawn from 1−x to 1+x, x from 0 to 1; 0 leaves a property alone. @default 0 */
  readonly brightness?: number;
  /** Around the image's mean luminance. @default 0 */
  readonly contrast?: number;
  /** Around each pixel's luminance; images of one channel have none. @default 0 */
  readonly saturation?: number;
}

/** ITU-R BT.601, as in the usual colour jitter of image libraries. */
const LUMINANCE = [0.299, 0.587, 0.114] as const;

/** Changes brightness, then contrast, then saturation, each by a factor of its own, and clips to 0…1. Draws three values. */
export function colourJitter(options: ColourJitterOptions): Augmentation {
  const { brightness = 0, contrast = 0, saturation = 0 } = options;
  for (const [name, reach] of Object.entries({ brightness, contrast, saturation })) {
    if (!(reach >= 0 && reach <= 1)) {
      throw new RangeError(`colourJitter: ${name} from 0 to 1 was expected, not ${reach}.`);
    }
  }
  return {
    name: 'colour-jitter',
    apply(pixels, shape, random) {
      const [bright, contrasted, saturated] = [brightness, contrast, saturation].map(
        (reach) => 1 + reach * (2 * random.uniform() - 1),
      ) as [number, number, number];
      if (brightness > 0) blend(pixels, bright, () => 0, shape.channels);
      if (contrast > 0) {
        const mean = meanLuminance(pixels, shape);
        blend(pixels, contrasted, () => mean, shape.channels);
      }
      if (saturation > 0 && shape.channels === 3) {
        blend(pixels, saturated, (at) => luminance(pixels, at, 3), 3);
      }
    },
  };
}

/** Moves every pixel away from (factor > 1) or towards `anchor`, one value a pixel, and clips. */
function blend(pixels: Float32Array, factor: number, anchor: (at: number) => number, channels: number): void {
  for (let at = 0; at < pixels.length; at += channels) {
    const base = anchor(at);
    for (let channel = 0; channel < channels; channel++) {
      const value = base + factor * (pixels[at + channel]! - base);
      pixels[at + channel] = Math.min(1, Math.max(0, value));
    }
  }
}

/** Colour images by their weights; anything else by the mean of its channels. */
function luminance(pixels: Float32Array, at: number, channels: number): number {
  let sum = 0;
  for (let channel = 0; channel < channels; channel++) {
    sum += pixels[at + channel]! * (channels === 3 ? LUMINANCE[channel]! : 1 / channels);
  }
  return sum;
}

function meanLuminance(pixels: Float32Array, shape: FeatureShape): number {
  let sum = 0;
  for (let at = 0; at < pixels.length; at += shape.channels) sum += luminance(pixels, at, shape.channels);
  return sum / (shape.height * shape.width);
}
