import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadPlugins } from 'dna-nas/configuration';
import type { PluginRun } from 'dna-nas/core';
import type { Counting, SpaceBlock } from 'dna-nas/core/contracts';
import { type AppliedRun, applyPlugins } from 'dna-nas/core/plugin';
import { readStoredConfig, type StoredRunRequest } from 'dna-nas/core/run';
import { addCosts, depthOf, type FurtherCosts, networkCount } from 'dna-nas/core/space';
import type {
  CountedSpace,
  FoundArchitecture,
  SearchAnswer,
  SearchQuery,
  SearchStage,
} from 'dna-nas/core/stages';
import { type AttachedRunFolder, attachRunFolder } from 'dna-nas/core/store';
import { countingOf } from '../describe-run.js';
import { ratingsOfRun } from '../ratings-of-run.js';
import { noQuery, otherSpace, runNotRated } from './errors.js';

/** A run and what is asked of its ratings. */
export interface SearchRunRequest extends StoredRunRequest, SearchQuery {
  /** Plugins beside the run's own, by name or file: one that prices another cost, say. */
  readonly plugins?: readonly string[];
  /** Prices further costs of the run's space, say milliseconds by a table that was measured. */
  readonly costs?: (counted: CountedSpace) => FurtherCosts;
}

/** A network that a search lists. */
export interface ListedNetwork extends FoundArchitecture {
  /** Layers that compute something. */
  readonly depth: number;
}

/** What a run's own search answers. */
export interface RunSearch extends Omit<SearchAnswer, 'best' | 'top' | 'front'> {
  /** Name of the run's folder. */
  readonly run: string;
  /** Networks of its space. */
  readonly networks: number;
  readonly best: ListedNetwork;
  readonly top: readonly ListedNetwork[];
  readonly front?: readonly ListedNetwork[];
}

/**
 * Asks the search that a run was configured with again, from the run's ratings and under other limits. Changes nothing
 * of the run and starts no backend; images are looked at only where a run of an earlier version does not tell their
 * shape.
 * The hook `found` is not asked: it changes what a run goes on with.
 * @throws DnaError `RUN_NOT_FOUND`, `RUN_NOT_RATED`, `SPACE_DIFFERS`, `SEARCH_NO_QUERY` where the search cannot be asked
 * again, and what it throws itself: `UNKNOWN_COST`, `LIMITS_IMPOSSIBLE`.
 */
export async function searchRun(request: SearchRunRequest): Promise<RunSearch> {
  const folder = attachRunFolder(request.folder);
  const ratings = ratingsOfRun(folder);
  if (!ratings) throw notRated(folder);
  const run = await applyWith(folder, request);
  const searcher = await run.resolve('resolveSearch', 'search');
  if (!searcher.query) throw noQuery(run.answers.get('resolveSearch search') ?? 'of this run');
  const place = withCosts(await countedSpace(run, folder), request);
  const answer = await (searcher as Required<SearchStage>).query(place, ratings, request);
  return { run: basename(folder.path), networks: networkCount(place.space.blocks), ...listed(answer, place) };
}

function withCosts(counted: CountedSpace, { costs }: SearchRunRequest): CountedSpace {
  return costs ? { ...counted, space: addCosts(counted.space, costs(counted)) } : counted;
}

/** The run's plugins, and after them those that are added. */
async function applyWith(folder: AttachedRunFolder, request: SearchRunRequest): Promise<AppliedRun> {
  const { config, project } = readStoredConfig(folder, request);
  const loaded = await Promise.all((request.plugins ?? []).map((use) => loadPlugins(use, project)));
  const added = loaded.flat().map(({ name, module, export: path }) => ({
    ...{ name, source: '--plugin' as const },
    reference: { module, export: path, options: {} },
  }));
  return applyPlugins({ ...config, plugins: [...config.plugins, ...added] }, { project, main: false });
}

function notRated(folder: AttachedRunFolder) {
  const { values = {} } = folder.readJson('config') as {
    values?: { architecture?: unknown; architectures?: unknown };
  };
  const isSearch = values.architecture === undefined && values.architectures === undefined;
  return runNotRated(folder.path, isSearch);
}

/** What of `space.json` is looked at; runs of earlier versions have no `counting`. */
interface StoredSpace {
  readonly blocks?: readonly SpaceBlock[];
  readonly counting?: Counting;
}

async function countedSpace(run: PluginRun, folder: AttachedRunFolder): Promise<CountedSpace> {
  const space = await run.resolve('resolveSpace', 'space');
  const { counting, blocks } = (folder.readJson('space') ?? {}) as StoredSpace;
  // Ratings go by the numbers of cells and operations, which mean nothing in another space.
  if (blocks && !isDeepStrictEqual(blocks, JSON.parse(JSON.stringify(space.blocks))))
    throw otherSpace(folder.path);
  return { space, data: counting ?? (await countingOf(run)) };
}

function listed({ best, top, front, ...answer }: SearchAnswer, { space }: CountedSpace) {
  const withDepth = (one: FoundArchitecture) => ({ ...one, depth: depthOf(space, one.architecture) });
  return {
    ...answer,
    best: withDepth(best),
    top: top.map(withDepth),
    ...(front && { front: front.map(withDepth) }),
  };
}
