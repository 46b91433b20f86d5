import { DamagedImage } from './errors.js';
import type { Size } from './view.js';

export interface JpegHeader extends Size {
  /** 1: grey, 3: colour, 4: CMYK. */
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
}

const START = 0xffd8;
/** Frame headers, without the codes between them that mean other things (DHT, JPG, DAC). */
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);

/** Reads the frame header; undefined if this is no JPEG file. @throws DamagedImage if it has none */
export function readJpegHeader(bytes: Buffer): JpegHeader | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== START) return undefined;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) throw new DamagedImage(`at byte ${at} of its header is no marker`);
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (FRAMES.has(marker)) return readFrame(bytes, at + 4);
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  throw new DamagedImage('it ends before its size is told');
}

function readFrame(bytes: Buffer, at: number): JpegHeader {
  if (at + 6 > bytes.length) throw new DamagedImage('it ends before its size is told');
  const height = bytes.readUInt16BE(at + 1);
  const width = bytes.readUInt16BE(at + 3);
  if (width === 0 || height === 0) throw new DamagedImage(`it says that it is ${width}×${height}`);
  return { width, height, components: bytes[at + 5]!, precision: bytes[at]! };
}
