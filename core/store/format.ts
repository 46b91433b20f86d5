import { type Disk, isPlainObject, OutputSeals } from 'dna-nas/files';
import { isVersion } from '../config/stored-config.js';
import { packageVersion } from '../plugin/catalogue.js';
import { newerFormat } from './errors.js';
import { layout } from './layout.js';

/**
 * The format in which this version writes run folders: the number `format` of their `config.json`. A change of files
 * or of their contents that earlier versions would misread gets the next number.
 *
 * 1: folders of dna-nas 0.1, which carry no number. 2: the same files, with the number.
 */
export const RUN_FORMAT = 2;
const FIRST_FORMAT = 1;

/**
 * Refuses a run folder that a newer version has written. What is damaged is left to whoever reads it.
 * @throws DnaError `RUN_FORMAT`, which names the version that reads the folder.
 */
export function requireFormat(disk: Disk): void {
  const bytes = disk.read(layout.config);
  const config = bytes && parsed(bytes);
  if (!bytes || !isPlainObject(config)) return;
  const { format = FIRST_FORMAT, version } = config;
  if (!Number.isSafeInteger(format) || Number(format) <= RUN_FORMAT) return;
  if (!isVersion(version) || !new OutputSeals(disk, layout.manifest).holds(layout.config, bytes)) return;
  throw newerFormat(disk.folder, {
    format: Number(format),
    writtenBy: version,
    known: RUN_FORMAT,
    version: packageVersion(),
  });
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
