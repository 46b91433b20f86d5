import type { FeaturesCompared } from 'dna-nas/core';
import type { SummaryValue } from './event-log.js';
import { imageValue, type Plane } from './values.js';

/** The compared images, and of each block the mean of all channels of teacher and student, on one scale. */
export function featureImages({
  image,
  images,
  blocks,
}: FeaturesCompared): [tag: string, value: SummaryValue][] {
  const pictures = images.map(({ pixels, index }): [string, SummaryValue] => [
    `images/${index}`,
    imageValue({ ...image, values: shown(pixels, image.channels), range: rangeOf(pixels) }),
  ]);
  const maps = blocks.flatMap(({ block, features: { shape, teacher, student } }) =>
    images.flatMap(({ index }, place): [string, SummaryValue][] => {
      const size = shape.height * shape.width * shape.channels;
      const [wanted, found] = [teacher, student].map((all) =>
        meanOfChannels(all.subarray(place * size, (place + 1) * size), shape.channels),
      ) as [Float32Array, Float32Array];
      const range = rangeOf([...wanted, ...found]);
      const plane = (values: Float32Array): Plane => ({ ...shape, values, range });
      return [
        [`features-block-${block + 1}/image-${index}-teacher`, imageValue(plane(wanted))],
        [`features-block-${block + 1}/image-${index}-student`, imageValue(plane(found))],
      ];
    }),
  );
  return [...pictures, ...maps];
}

/** Colours as they are, anything else as the mean. */
function shown(pixels: Float32Array, channels: number): Float32Array {
  return channels === 3 ? pixels : meanOfChannels(pixels, channels);
}

function meanOfChannels(values: Float32Array, channels: number): Float32Array {
  return Float32Array.from({ length: values.length / channels }, (_, place) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += values[place * channels + channel]!;
    return sum / channels;
  });
}

function rangeOf(values: ArrayLike<number>): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < values.length; at++) {
    low = Math.min(low, values[at]!);
    high = Math.max(high, values[at]!);
  }
  return [low, high];
}
