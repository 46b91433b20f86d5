import { readFileSync } from 'node:fs';
import { memoryShort } from './errors.js';
import type { Rectangle, Size, View } from './view.js';

type Offset = number;

/** What `kernels/index.ts` exports. */
interface Kernels {
  tapPairs(kind: number, from: number, to: number): number;
  makeTaps(...numbers: number[]): void;
  resampleRows(...numbers: number[]): void;
  resampleColumns(...numbers: number[]): void;
  toFloats(...numbers: number[]): void;
  widen(rgb: Offset, count: number, rgbx: Offset): void;
}

const KINDS = { bilinear: 0, bicubic: 1 } as const;
const PAGE = 65536;
/** What kernels may read beyond the end, and how places are aligned. */
const SLACK = 64;
const TABLE_BYTES = 3 * 256 * 4;
/** Raw values (0 to 1), then normalised ones. */
const TABLES = { raw: 0, normalised: TABLE_BYTES } as const;
const FIRST_FREE = 2 * TABLE_BYTES;

let compiled: WebAssembly.Module | undefined;

/** Value (0 to 1) and channel → what is given out. */
type Normalise = (value: number, channel: number) => number;

/** Pixels of one image in WebAssembly memory, from what a decoder writes to the floats that are given out. */
export class PixelMemory {
  #memory!: WebAssembly.Memory;
  #kernels!: Kernels;
  readonly #side: number;
  readonly #normalise: Normalise;
  /** Where the resized pixels, the floats and everything else begin. */
  readonly #resized: Offset;
  readonly #floats: Offset;
  readonly #free: Offset;
  #image: Size = { width: 0, height: 0 };
  #pixels: Offset = 0;

  constructor(side: number, normalise: Normalise) {
    compiled ??= new WebAssembly.Module(readFileSync(new URL('kernels.wasm', import.meta.url)));
    this.#side = side;
    this.#normalise = normalise;
    this.#resized = FIRST_FREE;
    this.#floats = align(this.#resized + rowBytes(side) * side + SLACK);
    this.#free = align(this.#floats + side * side * 12 + SLACK);
    this.clear();
  }

  /** Begins anew: memory that a large image needed is dropped. */
  clear(): void {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
    this.#memory = memory;
    this.#kernels = new WebAssembly.Instance(compiled!, { env: { memory } }).exports as unknown as Kernels;
    this.#reserve(this.#free);
    const tables = new Float32Array(memory.buffer, 0, 2 * 3 * 256);
    for (let index = 0; index < 768; index++) {
      tables[index] = (index % 256) / 255;
      tables[768 + index] = this.#normalise(tables[index]!, Math.floor(index / 256));
    }
  }

  /** Bytes that an image takes here: its pixels, and rows that are resized in one direction. */
  bytesFor({ width, height }: Size): number {
    return width * height * 4 + height * rowBytes(this.#side);
  }

  /** Makes room for an image and returns where its RGBX pixels go: width × height × 4 bytes. */
  open(image: Size): Buffer {
    this.#image = image;
    this.#pixels = this.#free;
    const bytes = image.width * image.height * 4;
    this.#reserve(this.#pixels + bytes + SLACK);
    return Buffer.from(this.#memory.buffer, this.#pixels, bytes);
  }

  /** Takes over an image in RGB, three bytes a pixel. */
  openRgb(image: Size, rgb: Uint8Array): void {
    const count = image.width * image.height;
    // At the end of the room for four bytes a pixel, so that each pixel is read before its place is written.
    this.open(image).set(rgb, count);
    this.#kernels.widen(this.#pixels + count, count, this.#pixels);
  }

  /** The image seen by `view`, side × side × 3 floats; valid until the next image. */
  read(view: View, { flip, table }: { flip: boolean; table: keyof typeof TABLES }): Float32Array {
    this.#resample(view);
    const side = this.#side;
    this.#kernels.toFloats(
      this.#resized,
      rowBytes(side),
      side,
      side,
      flip ? 1 : 0,
      TABLES[table],
      this.#floats,
    );
    return new Float32Array(this.#memory.buffer, this.#floats, side * side * 3);
  }

  #resample({ region, size, window, interpolation }: View): void {
    const kind = KINDS[interpolation];
    const image = this.#image;
    const side = this.#side;
    let at = align(this.#pixels + image.width * image.height * 4 + SLACK);
    const columns = this.#taps({ kind, from: region.width, to: size.width, first: window.left, at });
    const rows = this.#taps({
      kind,
      from: region.height,
      to: size.height,
      first: window.top,
      at: columns.end,
    });
    at = rows.end;
    const [first, count] = this.#rowsNeeded(rows.bounds, region);
    const step = rowBytes(side);
    this.#reserve(at + (count + 1) * step + SLACK);
    const kernels = this.#kernels;
    kernels.resampleRows(
      this.#pixels + ((region.top + first) * image.width + region.left) * 4,
      image.width * 4,
      count,
      columns.bounds,
      columns.taps,
      columns.pairs,
      side,
      at,
      step,
    );
    kernels.resampleColumns(at - first * step, step, rows.bounds, rows.taps, rows.pairs, side, this.#resized);
  }

  #taps({ kind, from, to, first, at }: TapRequest): Taps {
    const side = this.#side;
    const pairs = this.#kernels.tapPairs(kind, from, to);
    const taps = align(at + side * 8);
    const scratch = align(taps + side * pairs * 8);
    const end = align(scratch + pairs * 16);
    this.#reserve(end);
    this.#kernels.makeTaps(kind, from, to, first, side, at, taps, pairs, scratch);
    return { bounds: at, taps, pairs, end };
  }

  /** First row that any output row needs, and how many. */
  #rowsNeeded(bounds: Offset, region: Rectangle): [first: number, count: number] {
    const words = new Int32Array(this.#memory.buffer, bounds, 2 * this.#side);
    const first = words[0]!;
    const last = words[words.length - 2]! + 2 * words[words.length - 1]!;
    return [first, Math.min(region.height, last) - first];
  }

  #reserve(bytes: number): void {
    const missing = bytes - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.#memory.grow(Math.ceil(missing / PAGE));
    } catch (error) {
      throw memoryShort(error);
    }
  }
}

interface TapRequest {
  readonly kind: number;
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly at: Offset;
}

interface Taps {
  readonly bounds: Offset;
  readonly taps: Offset;
  readonly pairs: number;
  readonly end: Offset;
}

/** A row of RGBX pixels, up to whole vectors. */
function rowBytes(side: number): number {
  return Math.ceil(side / 4) * 16;
}

function align(offset: Offset): Offset {
  return Math.ceil(offset / 16) * 16;
}
