import type { PluginRun } from '../plugin/plugin.js';
import type { CellRatings, SearchResult, TrainingWorld, World } from '../stages/index.js';

/** Where a search is made: where tasks are executed, as it may be as long as one. */
interface SearchContext {
  readonly run: PluginRun;
  /** A run that searches has a teacher and blocks. */
  readonly world: TrainingWorld;
}

/** Throws what the search plugin throws if no network can meet its limits. */
export async function checkSearch({ run, world }: SearchContext): Promise<void> {
  const searcher = await run.resolve('resolveSearch', 'search');
  await searcher.check(world as World);
}

export async function search(
  { run, world }: SearchContext,
  ratings: readonly CellRatings[],
): Promise<SearchResult> {
  const searcher = await run.resolve('resolveSearch', 'search');
  const { randomNetworks = 1 } = await run.resolve('resolveRetrain', 'retrain');
  return searcher.search(world as World, ratings, { randomNetworks });
}
