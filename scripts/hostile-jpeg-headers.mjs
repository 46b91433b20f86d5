// Compares our reading of JPEG headers with libjpeg's, in the two builds that decode (libjpeg-turbo's binding and
// libvips), on random headers: what both read has one size, and what we refuse libjpeg refuses, but for what we leave
// out on purpose.
//   node scripts/hostile-jpeg-headers.mjs COUNT SEED      (a process of its own: a wrong size could end it)
import turbo from '@julusian/jpeg-turbo';
import { randomStream } from 'dna-nas/core';
import sharp from 'sharp';
import { readJpegHeader } from '../dist/plugins/data-imagenet/jpeg-header.js';
import { randomJpeg, START } from './hostile-jpegs.mjs';
import { BYTE_MUTATIONS, mutate } from './hostile-mutations.mjs';
import { peakMegabytes } from './peak-memory.mjs';

/** Lossless frames, numbers of components without a meaning, and scans beyond the limit. */
const ON_PURPOSE = /marker ff(c3|cb)|components|scans/;
const ROOM = Buffer.alloc(2 ** 24);

function ours(bytes) {
  try {
    return readJpegHeader(bytes);
  } catch (error) {
    if (error.constructor.name !== 'DamagedImage') throw error;
    return { refused: error.message };
  }
}

/**
 * What the binding says when there is room for `pixels`. It tells no size. In one byte a pixel its sum, width ×
 * height, cannot overflow, and it is compared with the room before anything is written.
 */
function verdict(bytes, pixels) {
  try {
    return turbo.decompressSync(bytes, ROOM.subarray(0, pixels), { format: turbo.FORMAT_GRAY });
  } catch (error) {
    return error.message;
  }
}

const TOO_SMALL = 'Insufficient output buffer';

function compareWithTurbo(bytes, found) {
  if (found.refused !== undefined) {
    if (ON_PURPOSE.test(found.refused) || verdict(bytes, 1) !== TOO_SMALL) return undefined;
    return `we refuse it (${found.refused}) and libjpeg reads it`;
  }
  // What libjpeg refuses, for its tables or for what follows, has no size.
  if (verdict(bytes, 1) !== TOO_SMALL) return undefined;
  const pixels = found.width * found.height;
  if (verdict(bytes, Math.min(pixels - 1, ROOM.length)) !== TOO_SMALL)
    return `libjpeg reads a size below our ${found.width}×${found.height}`;
  if (pixels > ROOM.length) return undefined;
  const whole = verdict(bytes, pixels);
  if (whole === TOO_SMALL) return `libjpeg reads a size above our ${found.width}×${found.height}`;
  if (typeof whole === 'string' || (whole.width === found.width && whole.height === found.height))
    return undefined;
  return `libjpeg reads ${whole.width}×${whole.height}, and we ${found.width}×${found.height}`;
}

async function compareWithSharp(bytes, found) {
  const read = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  if (!read) return undefined;
  if (found.refused !== undefined)
    return ON_PURPOSE.test(found.refused)
      ? undefined
      : `we refuse it (${found.refused}) and libvips reads it`;
  if (read.width === found.width && read.height === found.height) return undefined;
  return `libvips reads ${read.width}×${read.height}, and we ${found.width}×${found.height}`;
}

const [count, seed] = [Number(process.argv[2] ?? 10_000), process.argv[3] ?? '1'];
const result = { cases: count, accepted: 0, refused: 0, seconds: 0, faults: [] };
for (let index = 0; index < count; index++) {
  const random = randomStream(`jpeg headers ${seed}`).fork(index);
  const made = randomJpeg(random);
  const spoilt =
    random.integer(4) === 0 ? mutate(made.subarray(2), random, BYTE_MUTATIONS).bytes : made.subarray(2);
  const bytes = Buffer.concat([START, spoilt]);
  const begin = performance.now();
  const found = ours(bytes);
  result.seconds = Math.max(result.seconds, (performance.now() - begin) / 1000);
  result[found.refused === undefined ? 'accepted' : 'refused']++;
  const fault = compareWithTurbo(bytes, found) ?? (await compareWithSharp(bytes, found));
  if (fault) result.faults.push(`header ${index}: ${fault}: ${bytes.toString('hex')}`);
}
result.megabytes = peakMegabytes();
console.log(JSON.stringify(result));
