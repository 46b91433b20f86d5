import { DnaError } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };
const GET =
  'Run `dna data get cifar10`, or set data.path to a folder with data_batch_1.bin … test_batch.bin.';

/** No folder was named, and nothing has been fetched into the project. */
export function dataMissing(folder: string): DnaError {
  const message = `There is no data: the option path is not set, and ${folder} does not hold CIFAR-10.`;
  return new DnaError('DATA_MISSING', message, GET, USAGE);
}

/** `path` names no folder; `close` is one beside it whose name comes near. */
export function dataFolderMissing(path: string, found: string, close: string | undefined): DnaError {
  return new DnaError(
    'DATA_FOLDER_MISSING',
    `data.path is ${path}, and ${found}; expected a folder with the files of CIFAR-10.`,
    close === undefined ? GET : `Did you mean --set data.path=${close}?`,
    USAGE,
  );
}

/** A folder lacks a file. */
export function dataFileMissing(file: string): DnaError {
  return new DnaError('DATA_FILE_MISSING', `${file} does not exist.`, GET, USAGE);
}

/** A file is not what it should be. */
export function dataCorrupt(file: string, found: string, expected: string): DnaError {
  return new DnaError(
    'DATA_CORRUPT',
    `${file} is damaged or not of CIFAR-10: ${found}; expected ${expected}.`,
    'Get the file again; `dna data get cifar10` fetches and checks all of them.',
  );
}
