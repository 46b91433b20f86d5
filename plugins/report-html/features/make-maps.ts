import type { FeaturesCompared } from 'dna-nas/core';
import type { FeatureShape } from 'dna-nas/core/contracts';
import type { ComparedBlock } from 'dna-nas/core/stages';
import { base64, greatest, least } from './byte-scale.js';
import type { FeatureMapsFile, StoredMaps } from './maps-file.js';
import { thumbnail } from './thumbnail.js';

/** Single channels that are drawn beside the mean of all. */
const CHANNELS = 2;
/** Longest side of the pictures of the images. */
const LONGEST = 112;

/** Small pictures of what was compared. */
export function makeMaps({ split, image, images, blocks }: FeaturesCompared): FeatureMapsFile {
  return {
    split,
    images: images.map(({ pixels, ...rest }) => ({ ...rest, picture: thumbnail(pixels, image, LONGEST) })),
    blocks: blocks.map(storeBlock),
  };
}

function storeBlock({ block, name, choice, features }: ComparedBlock): FeatureMapsFile['blocks'][number] {
  const { shape, teacher, student, error, errors } = features;
  const size = shape.height * shape.width * shape.channels;
  const channels = [null, ...liveliestChannels(teacher, shape.channels)];
  const images = errors.map((own, image) => {
    const part = (maps: Float32Array) => maps.subarray(image * size, (image + 1) * size);
    const maps = channels.map((channel) => storeMaps([part(teacher), part(student)], shape, channel));
    return { error: own, maps };
  });
  return { block, name, choice, shape, error, images };
}

/** The channels that vary most over all images and places: where there is most to see. */
function liveliestChannels(maps: Float32Array, channels: number): number[] {
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let at = 0; at < maps.length; at++) {
    sums[at % channels]! += maps[at]!;
    squares[at % channels]! += maps[at]! ** 2;
  }
  const count = maps.length / channels;
  const variance = (channel: number) => squares[channel]! / count - (sums[channel]! / count) ** 2;
  const order = Array.from({ length: channels }, (_, channel) => channel);
  return order.sort((a, b) => variance(b) - variance(a) || a - b).slice(0, CHANNELS);
}

function storeMaps(
  [teacher, student]: readonly [Float32Array, Float32Array],
  { channels }: FeatureShape,
  channel: number | null,
): StoredMaps {
  const [wanted, found] = [planeOf(teacher, channels, channel), planeOf(student, channels, channel)];
  const low = Math.min(least(wanted), least(found));
  const high = Math.max(greatest(wanted), greatest(found));
  const scale = high > low ? 255 / (high - low) : 0;
  const onScale = (plane: Float64Array) => base64(plane.map((value) => (value - low) * scale));
  const difference = base64(found.map((value, at) => 128 + (value - wanted[at]!) * scale));
  return { channel, low, high, teacher: onScale(wanted), student: onScale(found), difference };
}

/** One channel, or the mean of all, of one image. */
function planeOf(maps: Float32Array, channels: number, channel: number | null): Float64Array {
  const plane = new Float64Array(maps.length / channels);
  for (let at = 0; at < plane.length; at++) {
    if (channel !== null) plane[at] = maps[at * channels + channel]!;
    else for (let c = 0; c < channels; c++) plane[at]! += maps[at * channels + c]! / channels;
  }
  return plane;
}
