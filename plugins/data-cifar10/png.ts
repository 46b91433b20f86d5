import { crc32, inflateSync } from 'node:zlib';
import { dataCorrupt } from './errors.js';

const SIGNATURE = '89504e470d0a1a0a';
/** Eight bits a sample, RGB, deflate, the five filters, not interlaced. */
const KIND = '0802000000';
const CHANNELS = 3;
/** Length, type and checksum of a chunk. */
const FRAME = 12;

export interface PngRequest {
  /** For messages. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes a PNG of 8-bit RGB, not interlaced (ISO/IEC 15948), to height × width × 3 bytes as they are stored, whatever
 * it says of gamma or profiles. @throws DnaError `DATA_CORRUPT` for another kind or size, or damage
 */
export function decodePng(png: Uint8Array, { file, width, height }: PngRequest): Uint8Array {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  const begin = bytes.toString('hex', 0, SIGNATURE.length / 2);
  if (begin !== SIGNATURE)
    throw dataCorrupt(file, `it begins with ${begin}`, `the signature of PNG, ${SIGNATURE}`);
  const parts: Buffer[] = [];
  for (const { type, data } of chunksOf(bytes, file)) {
    if (type === 'IHDR') requireHeader(data, { file, width, height });
    if (type === 'IDAT') parts.push(data);
  }
  const line = width * CHANNELS;
  const expected = height * (line + 1);
  return unfilter(inflate(Buffer.concat(parts), expected, file), line, file);
}

/** Chunks up to the end's. */
function* chunksOf(bytes: Buffer, file: string): Generator<{ type: string; data: Buffer }> {
  let at = SIGNATURE.length / 2;
  for (let type = ''; type !== 'IEND'; ) {
    const end = at + FRAME <= bytes.length ? at + FRAME + bytes.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) throw dataCorrupt(file, `it ends at byte ${bytes.length}`, 'a whole PNG');
    const told = bytes.readUInt32BE(end - 4);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== told)
      throw dataCorrupt(file, `the chunk at byte ${at} has another checksum`, 'the one that it tells');
    type = bytes.toString('latin1', at + 4, at + 8);
    yield { type, data: bytes.subarray(at + 8, end - 4) };
    at = end;
  }
}

function requireHeader(data: Buffer, { file, width, height }: PngRequest): void {
  const expected = `${width}×${height}, eight-bit RGB, not interlaced`;
  const [foundWidth, foundHeight] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  if (foundWidth !== width || foundHeight !== height)
    throw dataCorrupt(file, `it is ${foundWidth}×${foundHeight}`, expected);
  const kind = data.toString('hex', 8);
  if (kind !== KIND) throw dataCorrupt(file, `its header ends with ${kind}`, `${KIND}: ${expected}`);
}

function inflate(packed: Buffer, expected: number, file: string): Uint8Array {
  try {
    const lines = inflateSync(packed, { maxOutputLength: expected });
    if (lines.length === expected) return lines;
    throw new Error(`${lines.length} bytes are packed in it`);
  } catch (error) {
    throw dataCorrupt(file, (error as Error).message, `${expected} bytes of packed lines`);
  }
}

/** Undoes the filter of each line, whose first byte names it. */
function unfilter(lines: Uint8Array, line: number, file: string): Uint8Array {
  const pixels = new Uint8Array((lines.length / (line + 1)) * line);
  let above: Uint8Array = new Uint8Array(line);
  for (let from = 0, to = 0; from < lines.length; from += line + 1, to += line) {
    const undo = FILTERS[lines[from]!];
    if (!undo) throw dataCorrupt(file, `a line has the filter ${lines[from]}`, 'a filter from 0 to 4');
    const target = pixels.subarray(to, to + line);
    target.set(lines.subarray(from + 1, from + 1 + line));
    undo(target, above);
    above = target;
  }
  return pixels;
}

/** Each adds its prediction from what is to the left (one pixel) and above, modulo 256. */
const FILTERS: readonly ((line: Uint8Array, above: Uint8Array) => void)[] = [
  () => {},
  (line) => {
    for (let at = CHANNELS; at < line.length; at++) line[at]! += line[at - CHANNELS]!;
  },
  (line, above) => {
    for (let at = 0; at < line.length; at++) line[at]! += above[at]!;
  },
  (line, above) => {
    for (let at = 0; at < line.length; at++) {
      const left = at < CHANNELS ? 0 : line[at - CHANNELS]!;
      line[at]! += (left + above[at]!) >> 1;
    }
  },
  (line, above) => {
    for (let at = 0; at < line.length; at++) {
      const left = at < CHANNELS ? 0 : line[at - CHANNELS]!;
      const corner = at < CHANNELS ? 0 : above[at - CHANNELS]!;
      line[at]! += paeth(left, above[at]!, corner);
    }
  },
];

/** Of the three the one that is nearest to left + above − corner; the earlier one where two are. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
