import type { FeatureShape } from 'dna-nas/core/contracts';

/** The float32 value, from 0 to 1, of each byte. */
export const RAW = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/**
 * An image of bytes, height × width × channels, with a second buffer of the same size: an operation that reads more
 * than the pixel that it writes, writes into `spare` and swaps. Three channels are red, green and blue.
 */
export class ByteImage {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  pixels: Uint8Array;
  spare: Uint8Array;

  constructor({ height, width, channels }: FeatureShape) {
    const size = height * width * channels;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.pixels = new Uint8Array(size);
    this.spare = new Uint8Array(size);
  }

  /** Whether it has this shape, so that its buffers serve again. */
  fits({ height, width, channels }: FeatureShape): boolean {
    return this.height === height && this.width === width && this.channels === channels;
  }

  /** What was written into `spare` becomes the image. */
  swap(): void {
    const before = this.pixels;
    this.pixels = this.spare;
    this.spare = before;
  }

  /** Takes raw values from 0 to 1, each rounded to the nearest byte. */
  read(values: Float32Array): this {
    const { pixels } = this;
    for (let at = 0; at < pixels.length; at++) {
      const value = 255 * values[at]! + 0.5;
      pixels[at] = value <= 0 ? 0 : value >= 255 ? 255 : value;
    }
    return this;
  }

  /** Puts out raw values from 0 to 1. */
  write(values: Float32Array): void {
    const { pixels } = this;
    for (let at = 0; at < pixels.length; at++) values[at] = RAW[pixels[at]!]!;
  }
}
