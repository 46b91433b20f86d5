import { DnaError, nearest, nearestFile, reasonOf } from 'dna-nas/core';

const USAGE = { exitCode: 2 };

/** The table is not there, or no CSV. */
export function unreadableTable(path: string, reason: unknown): DnaError {
  const close = nearestFile(path, path);
  return new DnaError(
    'TABLE_UNREADABLE',
    `The table ${path} cannot be read: ${typeof reason === 'string' ? reason : reasonOf(reason)}.`,
    close === undefined
      ? 'Name a CSV file: a line of column names, then a line a network; lines that begin with # are comments.'
      : `Did you mean ${close}?`,
    { ...USAGE, cause: reason },
  );
}

/** A column is not there, or has no cell that is not empty. */
export function missingColumn(path: string, name: string, found: readonly string[]): DnaError {
  const close = nearest(name, found);
  if (close === name) {
    const problem = `The column ${name} of the table ${path} is empty from top to bottom; numbers are expected.`;
    return new DnaError('TABLE_COLUMN', problem, 'Fill it.', USAGE);
  }
  return new DnaError(
    'TABLE_COLUMN',
    `The table ${path} has no column ${name}; its columns are ${found.join(', ')}.`,
    close === undefined
      ? 'Change the names of the columns in the first line.'
      : `Did you mean ${name} by ${close}? Rename it in the first line.`,
    USAGE,
  );
}

/** Nobody could tell which of two columns is meant. */
export function columnTwice(path: string, name: string): DnaError {
  return new DnaError(
    'TABLE_COLUMN',
    `The table ${path} has the column ${name} twice; one is expected.`,
    'Rename or remove one of them.',
    USAGE,
  );
}

/** A cell, or a line, is not what its column holds. */
export function wrongValue(
  path: string,
  { line, problem, expected }: { line: number; problem: string; expected: string },
): DnaError {
  return new DnaError(
    'TABLE_VALUE',
    `${path}, line ${line}: ${problem}; ${expected} is expected.`,
    FIX,
    USAGE,
  );
}

const FIX = 'Correct the line, or remove it.';

/** Two lines tell different things of one network. */
export function contradiction(path: string, { lines, network, column, values }: Contradiction): DnaError {
  return new DnaError(
    'TABLE_CONTRADICTION',
    `${path}, lines ${lines[0]} and ${lines[1]} are of one network, ${network}, and disagree: ${column} is ${values[0]} and ${values[1]}.`,
    'Keep one line a network. Several trainings of one network stand in one line, as accuracy_1, accuracy_2, ….',
    USAGE,
  );
}

export interface Contradiction {
  readonly lines: readonly [number, number];
  readonly network: string;
  readonly column: string;
  readonly values: readonly [number, number];
}

/** There is nothing to be told from so few networks. */
export function tooFewScores(path: string, found: number, least: number): DnaError {
  return new DnaError(
    'AUDIT_SCORES',
    `${path} holds ${found} different network${found === 1 ? '' : 's'}; at least ${least} are expected.`,
    'Add networks: intervals of tau are about ±0.1 for 100 networks, ±0.05 for 400.',
    USAGE,
  );
}

/** All networks have one rating, or one accuracy, which orders nothing. */
export function constantScores(path: string, what: 'rating' | 'accuracy'): DnaError {
  return new DnaError(
    'AUDIT_SCORES',
    `${path}: the ${what} of all networks is the same; different ones are expected, as an order is what is audited.`,
    what === 'rating' ? 'Look at what made the ratings.' : 'Look at what measured the accuracies.',
    USAGE,
  );
}

/** What was given to `dna audit` goes with another use of it. */
export function wrongTruth(input: string, isRun: boolean): DnaError {
  return new DnaError(
    'USAGE',
    isRun
      ? `${input} is a run, and --truth is missing: accuracies to hold its ratings to are expected.`
      : `${input} is a table, which has its accuracies itself, and --truth was given.`,
    isRun
      ? '`dna truth` makes them; then say --truth FILE.'
      : 'Leave out --truth, or name the folder of a run.',
    USAGE,
  );
}
