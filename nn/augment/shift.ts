import type { Augmentation, FeatureShape } from 'dna-nas/core/contracts';

/**
 * Moves the image by −margin…margin pixels in both directions, each offset equally likely; what comes in is 0. The
 * same as padding by `margin` zeros and cropping at random. Draws two values.
 */
export function shift(margin: number): Augmentation {
  if (!Number.isInteger(margin) || margin < 0) {
    throw new RangeError(`shift: a whole number of pixels was expected, not ${margin}.`);
  }
  return {
    name: 'shift',
    apply(pixels, shape, random) {
      const down = random.integer(2 * margin + 1) - margin;
      const right = random.integer(2 * margin + 1) - margin;
      move(pixels, shape, { down, right });
    },
  };
}

/** All at once, which brings what left one row at its end into the next; that is then set to 0 with what came in. */
function move(pixels: Float32Array, shape: FeatureShape, by: { down: number; right: number }): void {
  const { height, channels } = shape;
  const line = shape.width * channels;
  const size = height * line;
  const across = Math.max(-line, Math.min(line, by.right * channels));
  const offset = by.down * line + across;
  if (offset > 0) pixels.copyWithin(offset, 0, size);
  if (offset < 0) pixels.copyWithin(0, -offset, size);
  pixels.fill(0, 0, Math.max(0, by.down) * line);
  pixels.fill(0, Math.max(0, height + Math.min(0, by.down)) * line, size);
  const first = across > 0 ? 0 : line + across;
  const end = across > 0 ? across : line;
  for (let start = 0; start < size; start += line) {
    for (let at = start + first; at < start + end; at++) pixels[at] = 0;
  }
}
