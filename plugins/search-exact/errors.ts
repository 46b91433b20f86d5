import { DnaError } from 'dna-nas/errors';

/** An absolute path would be stored with the run. */
export function absoluteTable(file: string): DnaError {
  return new DnaError(
    'LATENCY_TABLE',
    `search.latency is "${file}", an absolute path, which holds on this machine alone.`,
    'Copy the table into the project, and name it from there: --set search.latency=latency.json',
    { exitCode: 2 },
  );
}
