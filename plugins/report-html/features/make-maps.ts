import type { FeaturesCompared } from 'dna-nas/core';
import type { FeatureShape } from 'dna-nas/core/contracts';
import type { ComparedBlock } from 'dna-nas/core/stages';
import type { FeatureMapsFile, StoredImage, StoredMaps } from './maps-file.js';

/** Single channels that are drawn beside the mean of all. */
const CHANNELS = 2;
/** Longest side of the pictures of the images. */
const LONGEST = 112;

/** Small pictures of what was compared. */
export function makeMaps({ split, image, images, blocks }: FeaturesCompared): FeatureMapsFile {
  return {
    split,
    images: images.map(({ pixels, ...rest }) => ({ ...rest, picture: thumbnail(pixels, image) })),
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

/** Normalised pixels, stretched to all of black and white and thinned out to a small picture. */
function thumbnail(pixels: Float32Array, { height, width, channels }: FeatureShape): StoredImage {
  const step = Math.max(1, Math.ceil(Math.max(height, width) / LONGEST));
  const [rows, columns] = [Math.ceil(height / step), Math.ceil(width / step)];
  const [low, high] = [least(pixels), greatest(pixels)];
  const scale = high > low ? 255 / (high - low) : 0;
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let at = row * columns; at < (row + 1) * columns; at++) {
      const from = (row * step * width + (at - row * columns) * step) * channels;
      for (let channel = 0; channel < channels; channel++)
        values.push((pixels[from + channel]! - low) * scale);
    }
  }
  return { height: rows, width: columns, channels, data: base64(values) };
}

const least = (values: ArrayLike<number>) => reduce(values, Math.min);
const greatest = (values: ArrayLike<number>) => reduce(values, Math.max);

/** A spread argument list would overflow the stack. */
function reduce(values: ArrayLike<number>, choose: (a: number, b: number) => number): number {
  let chosen = values[0] ?? 0;
  for (let at = 1; at < values.length; at++) chosen = choose(chosen, values[at]!);
  return chosen;
}

function base64(values: ArrayLike<number>): string {
  return Buffer.from(Uint8ClampedArray.from(values)).toString('base64');
}
