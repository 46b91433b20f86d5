import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from 'dna-nas/core';
import { encodeIdx, IDX_FILES } from 'dna-nas/plugins/data-idx';

/** 12 training images of 3 classes and 6 test images, 4×5×2 unless said otherwise, in a new folder of a project. */
export function makeIdxFolder(project: string, image: readonly number[] = [4, 5, 2]): string {
  const folder = mkdtempSync(join(project, 'set-'));
  const random = randomStream('idx');
  const write = (name: string, dimensions: number[], value: (i: number) => number) => {
    const length = dimensions.reduce((product, extent) => product * extent, 1);
    writeFileSync(
      join(folder, name),
      encodeIdx({ dimensions, bytes: Uint8Array.from({ length }, (_, i) => value(i)) }),
    );
  };
  write(IDX_FILES.trainImages, [12, ...image], () => random.integer(256));
  write(IDX_FILES.trainLabels, [12], (i) => i % 3);
  write(IDX_FILES.testImages, [6, ...image], () => random.integer(256));
  write(IDX_FILES.testLabels, [6], (i) => i % 3);
  return folder;
}
