import { loadSharp, loadTurbo, type SharpImage } from './decoders.js';
import { DamagedImage } from './errors.js';
import { readJpegHeader } from './jpeg-header.js';
import type { PixelMemory } from './pixel-memory.js';
import type { Size } from './view.js';

/** As Pillow: what is larger is no photograph. */
const MOST_PIXELS = 178_956_970;

/**
 * Decodes an image into `memory` as Pillow's `convert('RGB')` does: orientation and profiles are ignored, grey is
 * repeated, transparency is dropped. `exact` gives Pillow's bits; otherwise libjpeg-turbo's fast transform is used,
 * which is about one of 255 away.
 * @throws DamagedImage if it is cut off or no image
 */
export async function decodeImage(bytes: Buffer, memory: PixelMemory, exact: boolean): Promise<Size> {
  const header = readJpegHeader(bytes);
  if (header) requireSize(header);
  const plain = header?.precision === 8 && (header.components === 1 || header.components === 3);
  if (plain && !exact && (await decodeWithTurbo(bytes, memory, header))) return header;
  return decodeWithSharp(bytes, memory);
}

/** Whether libjpeg-turbo is there and decodes it; what it refuses, sharp may read. */
async function decodeWithTurbo(bytes: Buffer, memory: PixelMemory, size: Size): Promise<boolean> {
  const turbo = await loadTurbo();
  if (!turbo) return false;
  try {
    const found = turbo.decompressSync(bytes, memory.open(size), { format: turbo.FORMAT_RGBX });
    return found.width === size.width && found.height === size.height;
  } catch {
    // It takes what Pillow only warns of for an error: sharp tells them apart.
    return false;
  }
}

async function decodeWithSharp(bytes: Buffer, memory: PixelMemory): Promise<Size> {
  const sharp = await loadSharp();
  try {
    const image = () => sharp(bytes, { ignoreIcc: true, failOn: 'truncated', limitInputPixels: MOST_PIXELS });
    const { space } = await image().metadata();
    const { data, info } = await rawPixels(image(), space === 'cmyk');
    memory.openRgb(info, info.channels === 4 ? rgbOfCmyk(data) : data);
    return info;
  } catch (error) {
    throw new DamagedImage((error as Error).message.trim().split('\n')[0]);
  }
}

function rawPixels(image: SharpImage, cmyk: boolean) {
  const converted = cmyk
    ? image.pipelineColourspace('cmyk').toColourspace('cmyk')
    : image.toColourspace('srgb').removeAlpha();
  return converted.raw().toBuffer({ resolveWithObject: true });
}

/** Pillow's conversion, without a profile: each ink takes its share of what black leaves. */
function rgbOfCmyk(cmyk: Buffer): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    const light = 255 - cmyk[from + 3]!;
    for (let ink = 0; ink < 3; ink++) {
      const product = cmyk[from + ink]! * light + 128;
      rgb[to++] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
  }
  return rgb;
}

function requireSize({ width, height }: Size): void {
  if (width * height <= MOST_PIXELS) return;
  throw new DamagedImage(`it says that it is ${width}×${height}, above the limit of ${MOST_PIXELS} pixels`);
}
