import { DnaError } from 'dna-nas/errors';
import type { ByteSource } from './byte-source.js';

const LONGEST_QUOTE = 120;

/** A text of a file for a message: escaped, and cut where a hostile file has made it long. */
export function quoteShort(text: string): string {
  const quoted = JSON.stringify(text.slice(0, LONGEST_QUOTE + 1));
  return text.length > LONGEST_QUOTE ? `${quoted.slice(0, LONGEST_QUOTE)}…"` : quoted;
}

/** How a message begins that says that something is wrong with a file; sources without a name are "the file". */
function notValid({ name }: ByteSource, format: string): string {
  return name === '' ? `Not a valid ${format}` : `${name} is not a valid ${format}`;
}

/** A zip archive that is not sound, or could be read in two ways. */
export function zipInvalid(source: ByteSource, problem: string): DnaError {
  return new DnaError(
    'ZIP_INVALID',
    `${notValid(source, 'zip archive')}: ${problem}.`,
    'Download, copy or write the file again.',
  );
}

/** A tar archive that is not sound, cut off, or holds what is not read. */
export function tarInvalid(source: Pick<ByteSource, 'name'>, problem: string): DnaError {
  return new DnaError(
    'TAR_INVALID',
    `${notValid(source as ByteSource, 'tar archive')}: ${problem}.`,
    'Download or copy it again, or write it anew from plain files (tar --format=ustar, or WebDataset).',
  );
}

/** A file that the system does not let us read, or not as far as its size says. */
export function fileUnreadable(path: string, cause: unknown): DnaError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DnaError(
    'FILE_UNREADABLE',
    `${path} cannot be read: ${reason}.`,
    'Check that it is a file that you may read and that nothing else writes to it.',
    { cause },
  );
}
