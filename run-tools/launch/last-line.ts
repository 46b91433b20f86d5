import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ifExists } from 'dna-nas/files';

/** Bytes of a log's end that are looked at. */
const END = 4096;

/** The last line of a file that says something; undefined where there is none. */
export function lastLine(file: string): string | undefined {
  const opened = ifExists(() => openSync(file, 'r'));
  if (opened === undefined) return undefined;
  try {
    const { size } = fstatSync(opened);
    const bytes = Buffer.alloc(Math.min(END, size));
    readSync(opened, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString('utf8').split('\n');
    return lines.findLast((line) => line.trim() !== '')?.trim();
  } finally {
    closeSync(opened);
  }
}
