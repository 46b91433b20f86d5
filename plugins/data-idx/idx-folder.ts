import { join } from 'node:path';
import { dataMismatch } from 'dna-nas/nn/images';
import { type IdxArray, type IdxFile, readIdx } from './idx-file.js';

/** The four files of a data set, decoded and checked against each other. */
export interface IdxFolder<File extends IdxArray = IdxFile> {
  readonly train: LabelledImages<File>;
  readonly test: LabelledImages<File>;
}

export interface LabelledImages<File extends IdxArray = IdxFile> {
  /** n × height × width, or n × height × width × channels. */
  readonly images: File;
  /** n. */
  readonly labels: File;
}

/** Names of the files, as MNIST has them. */
export const IDX_FILES = Object.freeze({
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
});

/** Reads a folder's four files. @throws DnaError `DATA_FILE_MISSING`, `DATA_CORRUPT` or `DATA_MISMATCH` */
export function readIdxFolder(folder: string): IdxFolder {
  return assembleFolder(folder, (name) => readIdx(join(folder, name)));
}

/** The four files of a folder, however they are read, checked against each other. @throws DnaError `DATA_MISMATCH` */
export function assembleFolder(folder: string, read: (name: string) => IdxFile): IdxFolder {
  const train = { images: read(IDX_FILES.trainImages), labels: read(IDX_FILES.trainLabels) };
  const test = { images: read(IDX_FILES.testImages), labels: read(IDX_FILES.testLabels) };
  checkPair(folder, 'train', train);
  checkPair(folder, 't10k', test);
  const [ours, theirs] = [train, test].map(({ images }) => images.dimensions.slice(1).join(' × '));
  if (ours !== theirs) {
    throw dataMismatch(
      `${folder}: training images are ${ours}, test images ${theirs}.`,
      'Use the files of one data set.',
    );
  }
  return { train, test };
}

function checkPair(folder: string, prefix: string, { images, labels }: LabelledImages): void {
  const shape = images.dimensions.join(' × ');
  if (images.dimensions.length !== 3 && images.dimensions.length !== 4) {
    throw dataMismatch(
      `${folder}: the ${prefix} images are an array of ${shape}.`,
      'Images must be n × height × width, or n × height × width × channels.',
    );
  }
  if (labels.dimensions.length !== 1 || labels.dimensions[0] !== images.dimensions[0]) {
    throw dataMismatch(
      `${folder}: ${prefix} has labels of ${labels.dimensions.join(' × ')} for images of ${shape}.`,
      'Each image needs one label.',
    );
  }
}
