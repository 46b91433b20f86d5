import { loadSharp, type SharpImage, type SharpMetadata } from './decoders.js';
import { DamagedImage, memoryShort } from './errors.js';
import type { ImageFormat } from './image-format.js';
import type { JpegHeader } from './jpeg-header.js';
import type { Size } from './view.js';

/** What libvips reads in a file's header. */
export interface SharpHeader extends Size {
  /** What is asked of it: 3, or 4 of CMYK. */
  readonly channels: 3 | 4;
  /** What it keeps beside the pixels that it gives out. */
  readonly decoderBytes: number;
}

/** Bytes a pixel that decoders keep, as measured. */
const DECODER_BYTES: Readonly<Record<Exclude<ImageFormat, 'jpeg' | 'png'>, number>> = {
  webp: 6,
  gif: 8,
  tiff: 16,
  avif: 16,
};

/** Errors of libvips and libjpeg for want of memory: they say nothing of the image. */
const MEMORY = /out of memory --- size|Insufficient memory \(case/;

/** Reads the header with the decoder that will decode. @throws DamagedImage if it is not what was told */
export async function sharpHeader(
  bytes: Buffer,
  { format, jpeg }: { format: ImageFormat; jpeg: JpegHeader | undefined },
): Promise<SharpHeader> {
  const image = await openSharp(bytes, false);
  const found = await damagedIfItFails(() => image.metadata());
  const { width, height } = found;
  if (found.format !== format && !(format === 'avif' && found.format === 'heif'))
    throw new DamagedImage(`it begins as ${format.toUpperCase()} and is ${found.format}`);
  if (jpeg && (jpeg.width !== width || jpeg.height !== height))
    throw new DamagedImage(`it says that it is ${jpeg.width}×${jpeg.height} and ${width}×${height}`);
  return {
    width,
    height,
    channels: found.space === 'cmyk' ? 4 : 3,
    decoderBytes: jpeg ? jpeg.coefficientBytes : width * height * decoderBytes(format, found),
  };
}

/** Of a pixel. A PNG is kept as a whole if it is interlaced. */
function decoderBytes(format: ImageFormat, { isProgressive, channels, depth }: SharpMetadata): number {
  if (format !== 'png') return DECODER_BYTES[format as keyof typeof DECODER_BYTES];
  return isProgressive ? channels * (depth === 'uchar' ? 1 : 2) : 0;
}

/** Pixels in RGB, or in CMYK where there are four channels. @throws DamagedImage */
export async function readWithSharp(
  bytes: Buffer,
  { width, height, channels }: SharpHeader,
): Promise<Buffer> {
  const image = await openSharp(bytes, width * height);
  const converted =
    channels === 4
      ? image.pipelineColourspace('cmyk').toColourspace('cmyk')
      : image.toColourspace('srgb').removeAlpha();
  const { data, info } = await damagedIfItFails(() => converted.raw().toBuffer({ resolveWithObject: true }));
  const whole = info.width === width && info.height === height && data.length === width * height * channels;
  if (!whole)
    throw new DamagedImage(`it was to be ${width}×${height} and became ${info.width}×${info.height}`);
  return data;
}

async function openSharp(bytes: Buffer, limitInputPixels: number | false): Promise<SharpImage> {
  const sharp = await loadSharp();
  return sharp(bytes, { ignoreIcc: true, failOn: 'truncated', limitInputPixels });
}

async function damagedIfItFails<Value>(read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    const message = (error as Error).message.trim().split('\n')[0]!;
    throw MEMORY.test(message) ? memoryShort(error) : new DamagedImage(message);
  }
}
