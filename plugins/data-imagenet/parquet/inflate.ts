import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import { type Compressors, snappyUncompress } from 'hyparquet';

/** Makes of a page's bytes as many as its header says, or throws. */
type Inflate = (input: Uint8Array, length: number) => Uint8Array;

/** hyparquet has Snappy alone, and others' Zstandard takes all the memory that a frame asks for. */
const INFLATE: Readonly<Record<string, Inflate>> = {
  SNAPPY(input, length) {
    const output = new Uint8Array(length);
    snappyUncompress(input, output);
    return output;
  },
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
  BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
  ZSTD: inflateZstd,
};

/** Images are compressed already: a page that grows by more was made to take memory. */
const MOST_RATIO = 64;
const LEAST_PAGE = 2 ** 20;

/** The codecs that pages may be compressed by, each page within what `take` allows. */
export function pageInflaters(take: (bytes: number) => void): Compressors {
  const bounded = (inflate: Inflate): Inflate => {
    return (input, length) => {
      if (!(length <= LEAST_PAGE + MOST_RATIO * input.length))
        throw new Error(`a page of ${input.length} bytes is said to hold ${length}`);
      take(length);
      return inflate(input, length);
    };
  };
  return Object.fromEntries(Object.entries(INFLATE).map(([codec, inflate]) => [codec, bounded(inflate)]));
}

/** Part by part, so that no frame grows beyond its page. */
function inflateZstd(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  let end = 0;
  const stream = new Decompress((part) => {
    if (end + part.length > length) throw new Error('a page holds more than its header says');
    output.set(part, end);
    end += part.length;
  });
  stream.push(input, true);
  return output.subarray(0, end);
}
