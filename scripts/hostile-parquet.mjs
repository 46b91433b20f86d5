// Parquet files of images that anybody may have made, for scripts/hostile-files.mjs: read as a data set reads them, and
// such as ask for all the memory, time and disk that a file can.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { unpackParquet } from '../dist/plugins/data-imagenet/parquet/unpack.js';

export const isParquet = (bytes) => bytes.subarray(0, 4).toString() === 'PAR1';

/** How many images a file unpacks to. */
export async function countParquet(bytes) {
  const root = mkdtempSync(join(tmpdir(), 'dna-parquet-'));
  try {
    writeFileSync(join(root, 'train.parquet'), bytes);
    const options = { list: {}, labels: true };
    const place = { root, name: 'train.parquet', cache: join(root, 'cache') };
    const { images } = await unpackParquet({ ...place, options, noticed: () => undefined });
    return images.names.length;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const zeros = (bytes) => new Uint8Array(bytes);

/** Rows of each kind: images, and how many rows a group has. */
const BOMBS = {
  'one image in many rows': () => ({ images: new Array(200_000).fill(zeros(2 ** 20)), group: 200_000 }),
  'rows without images': () => ({ images: new Array(2e6).fill(null), group: 2e5 }),
  'more rows than there may be': () => ({ images: new Array(4e6).fill(null), group: 4e6 }),
  'images of zeros': () => ({ images: Array.from({ length: 120 }, () => zeros(2 ** 20)), group: 120 }),
};

/** A file that is sound, or nearly so, and takes more than it gives. */
export function parquetBomb(random) {
  const kinds = Object.keys(BOMBS);
  const kind = kinds[random.integer(kinds.length)];
  const { images, group } = BOMBS[kind]();
  const columnData = [
    { name: 'image', data: images, type: 'BYTE_ARRAY' },
    { name: 'label', data: images.map(() => 0), type: 'INT32' },
  ];
  return {
    kind,
    bytes: Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: group, statistics: false })),
  };
}
