import type { Augmentation, FeatureShape } from 'dna-nas/core/contracts';
import { requireProbability } from './checks.js';

/** Mirrors the image left to right with the given probability (0 to 1). Draws one value. */
export function flip(probability = 0.5): Augmentation {
  requireProbability('flip', probability);
  return {
    name: 'flip',
    apply(pixels, shape, random) {
      if (random.uniform() < probability) mirror(pixels, shape);
    },
  };
}

function mirror(pixels: Float32Array, { height, width, channels }: FeatureShape): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width >> 1; column++) {
      const left = (row * width + column) * channels;
      const right = (row * width + width - 1 - column) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const swap = pixels[left + channel]!;
        pixels[left + channel] = pixels[right + channel]!;
        pixels[right + channel] = swap;
      }
    }
  }
}
