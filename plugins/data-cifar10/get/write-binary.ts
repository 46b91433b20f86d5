import { join } from 'node:path';
import { makeFolder, nodeFiles, writeAtomically } from 'dna-nas/files';
import { encodeBinary } from '../binary.js';
import { BATCH_IMAGES, BATCHES, PIXELS } from '../format.js';
import type { Cifar10 } from '../read-folder.js';

/** Writes CIFAR-10's binary version, each file whole. @throws DnaError `STORE_DISK_FULL` or `STORE_WRITE_FAILED` */
export function writeBinary(folder: string, sets: Omit<Cifar10, 'hashes'>): void {
  makeFolder(nodeFiles, folder);
  for (const set of ['train', 'test'] as const) {
    const { pixels, labels } = sets[set];
    for (const [index, name] of BATCHES[set].entries()) {
      const [first, end] = [index * BATCH_IMAGES, (index + 1) * BATCH_IMAGES];
      const batch = {
        pixels: pixels.subarray(first * PIXELS, end * PIXELS),
        labels: labels.subarray(first, end),
      };
      writeAtomically(nodeFiles, join(folder, `${name}.bin`), encodeBinary(batch));
    }
  }
}
