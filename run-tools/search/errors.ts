import { DnaError } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

/** A run whose rank stage has not ended, or that searches nothing (`isSearch` false). */
export function runNotRated(run: string, isSearch: boolean): DnaError {
  return new DnaError(
    'RUN_NOT_RATED',
    isSearch
      ? `The run ${run} has not rated its candidates yet: it has no ratings.json.`
      : `The run ${run} trains networks that it was given and rates none; the run of a search is expected.`,
    isSearch
      ? 'Let it go on, by the command that it was started with, at least with --until rank.'
      : 'Name the run of a search.',
    USAGE,
  );
}

/** Ratings of one space say nothing of another. */
export function otherSpace(run: string): DnaError {
  return new DnaError(
    'SPACE_DIFFERS',
    `The space has other cells or operations than those that ${run} has rated.`,
    'Leave out the plugin that changes it: one that is added to a search may price costs, not change cells.',
    USAGE,
  );
}

/** The search of a run searches in a run alone. */
export function noQuery(plugin: string): DnaError {
  return new DnaError(
    'SEARCH_NO_QUERY',
    `The search ${plugin} cannot be asked again from the ratings of a run: its stage has no \`query\`.`,
    'Search in a run of its own, which takes over what is trained and rated: `dna run … --fork`.',
    USAGE,
  );
}
