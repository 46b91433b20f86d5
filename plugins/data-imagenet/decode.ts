import { writeCmykAsRgbx } from './cmyk.js';
import type { DecodeMemory } from './decode-memory.js';
import { loadTurbo, type TurboJpeg } from './decoders.js';
import { type ImageFormat, requireFormat } from './image-format.js';
import { type JpegHeader, readJpegHeader } from './jpeg-header.js';
import { type ImageLimits, requireFewBytes, requireMemory, requireSize } from './limits.js';
import type { PixelMemory } from './pixel-memory.js';
import { withoutExtras } from './png-chunks.js';
import { readWithSharp, type SharpHeader, sharpHeader } from './sharp-image.js';
import type { Size } from './view.js';

interface DecoderDependencies {
  readonly pixels: PixelMemory;
  readonly memory: DecodeMemory;
  readonly limits: ImageLimits;
}

/** Decodes one image after the other, within limits and the memory that all threads share. */
export class ImageDecoder {
  readonly #pixels: PixelMemory;
  readonly #memory: DecodeMemory;
  readonly #limits: ImageLimits;

  constructor({ pixels, memory, limits }: DecoderDependencies) {
    this.#pixels = pixels;
    this.#memory = memory;
    this.#limits = limits;
  }

  /**
   * Decodes as Pillow's `convert('RGB')` does: orientation and profiles are ignored, grey is repeated, transparency is
   * dropped. `exact` gives Pillow's bits; otherwise libjpeg-turbo's fast transform is used, which is about one of 255
   * away. The pixels hold until `finish`.
   * @throws DamagedImage if it is cut off, no image of the formats, or beyond a limit
   */
  async decode(bytes: Buffer, exact: boolean): Promise<Size> {
    requireFewBytes(bytes.length, this.#limits);
    const format = requireFormat(bytes, this.#limits.formats);
    const jpeg = format === 'jpeg' ? readJpegHeader(bytes) : undefined;
    if (jpeg) requireSize(jpeg, this.#limits);
    if (jpeg && !exact && (await this.#withTurbo(bytes, jpeg))) return jpeg;
    return this.#withSharp(format === 'png' ? withoutExtras(bytes) : bytes, { format, jpeg });
  }

  /** Gives back what a large image has taken; the file's bytes are held no longer. */
  async finish(): Promise<void> {
    this.#clear();
    await this.#memory.give();
  }

  /** Keeps memory for one image after the other only as long as it is the thread's own. */
  #clear(): void {
    if (this.#memory.holdsPixels) this.#pixels.clear();
  }

  /** Whether libjpeg-turbo is there and decodes it; what it refuses, sharp may read. */
  async #withTurbo(bytes: Buffer, header: JpegHeader): Promise<boolean> {
    const turbo = await loadTurbo();
    if (!turbo || header.precision !== 8 || header.components === 4) return false;
    this.#take(header.coefficientBytes + this.#pixels.bytesFor(header));
    if (this.#decodesWithTurbo(turbo, bytes, header)) return true;
    this.#clear();
    await this.#memory.givePixels();
    return false;
  }

  #decodesWithTurbo(turbo: TurboJpeg, bytes: Buffer, header: JpegHeader): boolean {
    const out = this.#pixels.open(header);
    try {
      const { width, height } = turbo.decompressSync(bytes, out, { format: turbo.FORMAT_RGBX });
      return width === header.width && height === header.height;
    } catch {
      // It takes what Pillow only warns of for an error: sharp tells them apart.
      return false;
    }
  }

  async #withSharp(
    bytes: Buffer,
    told: { format: ImageFormat; jpeg: JpegHeader | undefined },
  ): Promise<Size> {
    const header = await sharpHeader(bytes, told);
    requireSize(header, this.#limits);
    this.#take(this.#bytesFor(header));
    const data = await readWithSharp(bytes, header);
    if (header.channels === 4) writeCmykAsRgbx(data, this.#pixels.open(header));
    else this.#pixels.openRgb(header, data);
    return header;
  }

  /** The decoder's memory and the pixels that it gives out are there at once; then those and ours. */
  #bytesFor(header: SharpHeader): number {
    const given = header.width * header.height * header.channels;
    return given + Math.max(header.decoderBytes, this.#pixels.bytesFor(header));
  }

  #take(bytes: number): void {
    requireMemory(bytes);
    this.#memory.takePixels(bytes);
  }
}
