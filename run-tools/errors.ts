import { DnaError } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

/** `dna plan` found something that stands in the run's way. */
export function planProblems(count: number): DnaError {
  return new DnaError(
    'PLAN_PROBLEMS',
    `The plan has ${count === 1 ? 'a problem' : `${count} problems`}, marked above.`,
    'Do what stands below each, and plan again.',
  );
}

/** `dna init` would write beside or over a configuration. */
export function configThere(file: string): DnaError {
  return new DnaError(
    'CONFIG_THERE',
    `${file} is here already.`,
    file.endsWith('.ts')
      ? 'Keep it, or have it written over: dna init --force.'
      : 'Move it away first: with two configurations it would be open which one counts.',
    USAGE,
  );
}

/** `dna data check` found something that makes results worthless or ends a run. */
export function dataProblems(count: number): DnaError {
  return new DnaError(
    'DATA_PROBLEMS',
    `The data have ${count === 1 ? 'a problem' : `${count} problems`}, marked above.`,
    'Do what stands below each, and check again.',
  );
}

/** A run's or preset's configuration was asked for, and another one with it. */
export function twoConfigurations(source: string, other: string): DnaError {
  return new DnaError(
    'USAGE',
    `Two configurations are named: ${source} and ${other}.`,
    'Name one of them; --set lays single values over it.',
    USAGE,
  );
}

/** A run that trains many networks has none of its own. */
export function severalNetworks(folder: string, count: number): DnaError {
  return new DnaError(
    'RUN_WITHOUT_NETWORK',
    `The run ${folder} trains ${count} networks; it has none of its own.`,
    'Give the text of one of them to --architecture; its truth.csv has them all.',
    USAGE,
  );
}

/** A network was asked of a run that has none yet. */
export function noNetwork(folder: string): DnaError {
  return new DnaError(
    'RUN_WITHOUT_NETWORK',
    `The run ${folder} has found no network yet: it has neither outcome.json nor search.json.`,
    'Let its search end first, by the command that it was started with.',
    USAGE,
  );
}
