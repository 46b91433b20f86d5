import { filled, type SourceIndices } from './cut-tensor.js';

/** Which channels of a map are to be kept. */
export interface ChannelChoice {
  /** Of the map's channels, [channels · channels]. */
  readonly covariance: Float64Array;
  /** Of what reads the map, [channels · readers], each reader as its batch norm scales it. */
  readonly readers: Float64Array;
  /** How many are kept. */
  readonly count: number;
}

/**
 * Chooses the channels of a map from which the others can be told best, as far as they are read: one after the other
 * the one that, with those before it, leaves the least variance of what the readers make of the map. Where more are
 * asked for than there are, all are kept and the others are new.
 */
export function chooseChannels({ covariance, readers, count }: ChannelChoice): SourceIndices {
  const channels = Math.sqrt(covariance.length);
  const left = covariance.slice();
  const read = timesSquare(readers, left, channels);
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, channels)) {
    const best = likeliest(left, read, chosen);
    chosen.push(best);
    removeChannel(left, read, best);
  }
  return filled(chosen, count);
}

/** readers · readersᵀ · matrix */
function timesSquare(readers: Float64Array, matrix: Float64Array, channels: number): Float64Array {
  const width = readers.length / channels;
  const square = new Float64Array(channels * channels);
  for (let row = 0; row < channels; row++)
    for (let column = 0; column < channels; column++)
      for (let at = 0; at < width; at++)
        square[row * channels + column]! += readers[row * width + at]! * readers[column * width + at]!;
  const product = new Float64Array(channels * channels);
  for (let row = 0; row < channels; row++)
    for (let k = 0; k < channels; k++)
      for (let column = 0; column < channels; column++)
        product[row * channels + column]! += square[row * channels + k]! * matrix[k * channels + column]!;
  return product;
}

/** The channel that takes the most of the variance that is left; of none that takes any, the first. */
function likeliest(left: Float64Array, read: Float64Array, chosen: readonly number[]): number {
  const channels = Math.sqrt(left.length);
  let [best, most] = [-1, -1];
  for (let channel = 0; channel < channels; channel++) {
    if (chosen.includes(channel)) continue;
    let taken = 0;
    for (let row = 0; row < channels; row++)
      taken += left[row * channels + channel]! * read[row * channels + channel]!;
    const own = left[channel * channels + channel]!;
    const gain = own > 0 ? Math.max(0, taken / own) : 0;
    if (gain > most) [best, most] = [channel, gain];
  }
  return best;
}

/** Takes out of what is left all that the channel tells. */
function removeChannel(left: Float64Array, read: Float64Array, channel: number): void {
  const channels = Math.sqrt(left.length);
  const own = left[channel * channels + channel]!;
  if (own <= 0) return;
  const told = Float64Array.from({ length: channels }, (_, at) => left[channel * channels + at]! / own);
  for (const matrix of [read, left]) {
    const column = Float64Array.from({ length: channels }, (_, row) => matrix[row * channels + channel]!);
    for (let row = 0; row < channels; row++)
      for (let at = 0; at < channels; at++) matrix[row * channels + at]! -= column[row]! * told[at]!;
  }
  // What rounding left of it must not be chosen again.
  for (let at = 0; at < channels; at++) left[channel * channels + at] = left[at * channels + channel] = 0;
}
