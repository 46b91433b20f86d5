import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { isFolder } from 'dna-nas/files';
import { noSource } from '../errors.js';

/** Where a trained network is. */
export interface FoundSource {
  /** The run's folder. */
  readonly run: string;
  /** The network's name, where a file of the results was named. */
  readonly network?: string;
}

const RESULT = /^retrain-(.+)\.safetensors$/;

/** The run that is meant by its folder, or by one of its results' files. @throws DnaError `EXPORT_SOURCE` */
export function findSource(source: string, project: string): FoundSource {
  const path = resolve(project, source);
  if (isFolder(path)) return { run: path };
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw noSource(source, 'is neither a file nor a folder');
  const network = RESULT.exec(basename(path))?.[1];
  const results = dirname(path);
  if (network === undefined || basename(results) !== 'results')
    throw noSource(source, 'is no result of a retraining in the folder of its run');
  return { run: dirname(results), network };
}
