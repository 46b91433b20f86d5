import { counted, DnaError, nearest, nearestFile, reasonOf } from 'dna-nas/errors';

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
    `${path} holds ${counted(found, 'different network')}; at least ${least} are expected.`,
    'Add networks: an interval of tau is about ±0.08 for 100 networks, ±0.04 for 400.',
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

/** A run without ratings: they are made by its rank stage, and a run of given networks has none. */
export function runNotRanked(
  run: string,
  given: { architecture?: unknown; architectures?: unknown },
): DnaError {
  const trained = given.architecture !== undefined || given.architectures !== undefined;
  return new DnaError(
    'AUDIT_RUN',
    trained
      ? `The run ${run} trains networks that it was given and rates none; the run of a search is expected.`
      : `The run ${run} has not rated its candidates yet: it has no ratings.json.`,
    trained
      ? 'Name the run of a search; the accuracies of this one serve as --truth.'
      : 'Let it go on, by the command that it was started with, at least with --until rank.',
    USAGE,
  );
}

interface SourceLocation {
  readonly path: string;
  readonly line: number;
}

/** A truth of another space. */
export function notOfTheSpace(
  cause: unknown,
  { path, line, space }: SourceLocation & { space: string },
): DnaError {
  if (!(cause instanceof DnaError)) throw cause;
  return new DnaError(
    'AUDIT_TRUTH',
    `${path}, line ${line}: ${cause.message} Architectures are expected as the run's space, ${space}, writes them.`,
    '`dna truth` with the same space makes such a table.',
    { ...USAGE, cause },
  );
}

/** Ratings that lack a candidate: another rank stage, or plugin, left it out. */
export function notRated(network: string, { path, line }: SourceLocation): DnaError {
  return new DnaError(
    'AUDIT_TRUTH',
    `${path}, line ${line}: the run has not rated all blocks of ${network}; a rating of each is expected.`,
    'Remove the line, or have the candidate rated.',
    USAGE,
  );
}

/** A truth that counts otherwise may be of other networks. */
export function costDiffers(
  name: string,
  { path, line, told, counted }: SourceLocation & { told: number; counted: number },
): DnaError {
  return new DnaError(
    'AUDIT_TRUTH',
    `${path}, line ${line}: ${name} is ${told}; ${counted} is expected, as the run's space counts on the run's images. The truth may be of another space or of other images.`,
    `If its networks are the run's and are only counted otherwise, remove the column ${name}: it is then counted here.`,
    USAGE,
  );
}
