import { DnaError } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

/** No folder was named. */
export function pathMissing(): DnaError {
  return new DnaError(
    'DATA_MISSING',
    'There is no data: the option path of data-imagenet is not set.',
    'Name the folder that holds train/ and val/, or the class folders: --set data.path=/data/imagenet.',
    USAGE,
  );
}

/** `path` names no folder; `close` is one beside it whose name comes near. */
export function folderMissing(path: string, close: string | undefined): DnaError {
  return new DnaError(
    'DATA_FOLDER_MISSING',
    `data.path is ${path}, and there is no such folder or list; expected a folder with train/ and val/ or with class folders, or a .csv, .tsv, .jsonl or .parquet file.`,
    close === undefined
      ? 'Correct data.path: --set data.path=FOLDER.'
      : `Did you mean --set data.path=${close}?`,
    USAGE,
  );
}

/** A folder has neither class folders with images nor shards. */
export function noImages(folder: string): DnaError {
  return new DnaError(
    'DATA_NO_IMAGES',
    `${folder} holds no images: expected folders of images named by their classes, tar shards, or a list (labels.csv).`,
    'Point data.path to the folder that holds train/ and val/, to the one that holds the class folders, or to a list; if the images have no labels, say --set data.labels=false.',
    USAGE,
  );
}

/** Classes of folders, shards and the classes file do not fit. */
export function classMismatch(message: string, fix: string): DnaError {
  return new DnaError('DATA_MISMATCH', message, fix, USAGE);
}

/** A list of images is not what it should be. */
export function listInvalid(list: string, found: string): DnaError {
  return new DnaError(
    'DATA_LIST',
    `${list} is no list of images: ${found}.`,
    'Give each image one row: its file and its class.',
    USAGE,
  );
}

/** A list has no column for what is wanted of it. */
export function listColumn(
  list: string,
  told: { role: string; wanted: string | undefined; names: readonly string[]; usual: readonly string[] },
): DnaError {
  const { role, wanted, names, usual } = told;
  const missing = wanted === undefined ? `no column that tells the ${role}` : `no column ${wanted}`;
  return new DnaError(
    'DATA_LIST_COLUMN',
    `${list} has ${missing}; it has ${names.join(', ')}; expected ${wanted === undefined ? usual.join(', ') : 'one of these'}.`,
    `Name the column: --set data.list.${role}=…; or point data.path to the list that has it.`,
    USAGE,
  );
}

/** A Parquet file is damaged, or holds no set of images. */
export function parquetInvalid(file: string, found: string, fix?: string): DnaError {
  return new DnaError(
    'DATA_PARQUET',
    `${file} cannot be taken for Parquet with images: ${found}.`,
    fix ?? 'Download or write the file again.',
    USAGE,
  );
}

/** A list names files, and none is there. */
export function listFilesMissing(count: number, first: string): DnaError {
  return new DnaError(
    'DATA_LIST',
    `None of the ${count} files of the list is there, the first of them ${first}.`,
    'Say where they are from the list, {} for what its column says: --set data.list.files=images/{}.jpg.',
    USAGE,
  );
}

/** The classes file cannot be read, or is not what it should be. */
export function classesInvalid(file: string, found: string): DnaError {
  return new DnaError(
    'DATA_CLASSES',
    `${file} is no list of classes: ${found}; expected a line a class: WordNet id, tab, name.`,
    'Correct the file or data.classes, or leave it out: labels then are the class folders in their order.',
    USAGE,
  );
}

/** More images are damaged than may be passed over. */
export function tooManyDamaged(limit: number, names: readonly string[]): DnaError {
  return new DnaError(
    'DATA_IMAGES_DAMAGED',
    `More than ${limit} image${limit === 1 ? ' is' : 's are'} damaged, the last of them ${names.join(', ')}.`,
    'Copy these files again, or allow more: --set data.corruptLimit=….',
  );
}

/** No library that decodes images works here. */
export function decoderMissing(cause: unknown): DnaError {
  return new DnaError(
    'DATA_DECODER_MISSING',
    `The npm package sharp, which decodes images, does not load: ${(cause as Error).message.split('\n')[0]}`,
    '`npm install sharp @julusian/jpeg-turbo` in the project; both come with binaries for common platforms.',
    { ...USAGE, cause },
  );
}

/** A decoding thread has ended. */
export function threadDied(cause: unknown): DnaError {
  return new DnaError(
    'DATA_THREAD_DIED',
    `A thread that decodes images has ended: ${(cause as Error).message}.`,
    'Start again. If memory is short, take fewer: --set data.threads=1.',
    { cause },
  );
}

/** The machine has not the memory that the limits allow an image to take. */
export function memoryShort(cause: unknown): DnaError {
  return new DnaError(
    'DATA_DECODE_MEMORY',
    `There is no memory to decode an image: ${(cause as Error).message.trim().split('\n')[0]}.`,
    'Free memory, take fewer threads (--set data.threads=1), or pass over large images (--set data.maxPixels=…).',
    { cause },
  );
}

/** Says that an image cannot be read: it is passed over and counted. */
export class DamagedImage extends Error {}
