/** Least and greatest value that was seen. */
export type Range = readonly [least: number, greatest: number];

/** value ≈ scale · (byte − zero) */
export interface Affine {
  readonly scale: number;
  readonly zero: number;
}

/** Of weights; activations have the bytes from 0 to 255. */
const GREATEST = 127;
const MOST = 255;

/** Bytes from 0 to 255 for a range, in which 0 has a byte of its own: pads are zeros. */
export function affineOf([least, greatest]: Range): Affine {
  const [low, high] = [Math.min(0, least), Math.max(0, greatest)];
  const scale = Math.fround((high - low) / MOST) || 1;
  return { scale, zero: clamp(roundToEven(-low / scale), 0, MOST) };
}

/** A scale for each channel of a filter [channels, …]: its greatest weight becomes 127. */
export function symmetricScales(filter: Float32Array, channels: number): Float32Array {
  const size = filter.length / channels;
  return Float32Array.from({ length: channels }, (_, channel) => {
    const values = filter.subarray(channel * size, (channel + 1) * size);
    return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / GREATEST || 1;
  });
}

/** A filter in bytes from −127 to 127. */
export function signedBytes(filter: Float32Array, scales: Float32Array): Int8Array {
  const size = filter.length / scales.length;
  return Int8Array.from(filter, (value, at) =>
    clamp(roundToEven(value / scales[Math.floor(at / size)]!), -GREATEST, GREATEST),
  );
}

/** A bias as runtimes add it to sums of products of bytes. */
export function sumsInBytes(bias: Float32Array, scales: Float32Array): Int32Array {
  return Int32Array.from(bias, (value, channel) =>
    clamp(roundToEven(value / scales[channel]!), -(2 ** 31), 2 ** 31 - 1),
  );
}

const clamp = (value: number, least: number, greatest: number) => Math.min(greatest, Math.max(least, value));

/** As QuantizeLinear rounds. */
function roundToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
