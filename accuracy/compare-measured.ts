import type { NetworkComparison, NetworkResult } from 'dna-nas/core/stages';
import { readBits } from './image-bits.js';
import { pairedInterval } from './paired-interval.js';

/** What the result of a training says of the network's test, beside its accuracy. */
export interface MeasuredImages extends Pick<NetworkResult, 'name'> {
  /** Test images. */
  readonly images: number;
  /** Which of them were right: a text for `readBits`. */
  readonly right: string;
}

/**
 * How two networks differ on images that both were tested on, in the same order.
 * @throws RangeError for other numbers of images.
 */
export function compareMeasured(one: MeasuredImages, other: MeasuredImages): NetworkComparison {
  const { images } = one;
  const [ofOne, ofOther] = [one, other].map(({ right }) => readBits(right, images)) as [
    Uint8Array,
    Uint8Array,
  ];
  const first = ofOne.filter((right, image) => right > ofOther[image]!).length;
  const second = ofOne.filter((right, image) => right < ofOther[image]!).length;
  return {
    network: one.name,
    against: other.name,
    difference: (first - second) / images,
    interval: pairedInterval({ first, second, images }),
    images,
    discordant: first + second,
  };
}
