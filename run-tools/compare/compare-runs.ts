import { basename, resolve } from 'node:path';
import type { RunsComparison } from 'dna-nas/core';
import { wrongUsage } from 'dna-nas/errors';
import { accuracyDifferences } from './accuracy-differences.js';
import { openCompared } from './compared-run.js';
import { configurationDifferences } from './configuration-differences.js';

/**
 * Lays runs side by side, each against the first. Runs of other spaces and runs that are not complete are compared as
 * far as they can be; each says what is missing. Reads the folders and executes nothing of them.
 * @throws DnaError `USAGE` for fewer than two runs; `RUN_NOT_FOUND`; `STORE_CORRUPT`.
 */
export function compareRuns(folders: readonly string[]): RunsComparison {
  const paths = folders.map((folder) => resolve(folder));
  const twice = folders.find((_, index) => paths.indexOf(paths[index]!) !== index);
  if (twice !== undefined) throw notDifferent(`The run ${twice} was given twice.`);
  if (folders.length < 2) throw notDifferent(`${folders.length} run was given.`);
  const names = paths.map((path) => basename(path));
  const isOnce = (name: string) => names.indexOf(name) === names.lastIndexOf(name);
  const opened = folders.map((folder, index) =>
    openCompared(folder, isOnce(names[index]!) ? names[index]! : folder),
  );
  return {
    runs: opened.map(({ run }) => run),
    configuration: configurationDifferences(opened),
    differences: accuracyDifferences(opened),
  };
}

function notDifferent(found: string) {
  return wrongUsage(
    `${found} Two or more different ones are expected.`,
    'Name their folders: dna compare runs/one runs/other.',
  );
}
