import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOUR_TYPE = { grey: 0, rgb: 2, palette: 3 } as const;

export interface PngImage {
  readonly height: number;
  readonly width: number;
  /** One byte a pixel, or three with the colour type `rgb`. */
  readonly pixels: Uint8Array;
  readonly type: keyof typeof COLOUR_TYPE;
  /** 256 × 3 bytes, for the type `palette`. */
  readonly palette?: Uint8Array;
}

/** A PNG file (ISO/IEC 15948), 8 bits a sample. */
export function encodePng({ height, width, pixels, type, palette }: PngImage): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, COLOUR_TYPE[type], 0, 0, 0], 8);
  const chunks = [
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', palette)] : []),
    chunk('IDAT', deflateSync(scanLines(pixels, height))),
    chunk('IEND', new Uint8Array()),
  ];
  return Buffer.concat([SIGNATURE, ...chunks]);
}

/** Each line after a byte that says: not filtered. */
function scanLines(pixels: Uint8Array, height: number): Uint8Array {
  const line = pixels.length / height;
  const lines = new Uint8Array(height * (line + 1));
  for (let row = 0; row < height; row++) {
    lines.set(pixels.subarray(row * line, (row + 1) * line), row * (line + 1) + 1);
  }
  return lines;
}

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
