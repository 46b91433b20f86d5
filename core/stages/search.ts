import type { Counting } from '../contracts/data.js';
import type { Costs, SearchSpace } from '../contracts/space.js';
import type { CellRatings, FoundArchitecture, SearchResult } from './result.js';
import type { World } from './stage.js';

/** A space, and what its networks are counted on: all that costs depend on. */
export interface CountedSpace {
  readonly space: SearchSpace;
  readonly data: Counting;
}

/** What is asked of ratings that are there: other limits, how many networks, which front. */
export interface SearchQuery {
  /** Upper limits of costs by name, in place of the configuration's own of these names. */
  readonly limits?: Costs;
  /** Whether the limits of the configuration hold beside them. @default true */
  readonly ownLimits?: boolean;
  /** How many of the best networks are listed. @default 10 */
  readonly top?: number;
  /** Two or more of `rating` and the costs, against one another: the Pareto front is listed. */
  readonly front?: readonly string[];
}

export interface SearchAnswer {
  /** Names of all costs that the space prices. */
  readonly costNames: readonly string[];
  /** The limits that held, by cost. */
  readonly limits: Costs;
  readonly best: FoundArchitecture;
  readonly proof: SearchProof;
  /** The best networks, best first; networks that are equal by the space's canonical form stand once. */
  readonly top: readonly FoundArchitecture[];
  /** Networks within the limits that no other equals or beats in all that `front` names, by the first name, rising. */
  readonly front?: readonly FoundArchitecture[];
}

/** What is known of networks that are rated lower than the best one that was found. */
export interface SearchProof {
  /** No network within the limits is rated lower than this. */
  readonly bound: number;
  /** The best's rating less the bound: 0 where it is proven to be the best. */
  readonly gap: number;
  /** How the bound came about, in a sentence. */
  readonly text: string;
}

/** What a search is asked for beside the best network. */
export interface SearchRequest {
  /** Different random networks of the best's cost. @default 1 */
  readonly randomNetworks?: number;
}

/** Answer of a search plugin. Runs where tasks are executed, as it may be long; needs no tensors. */
export interface SearchStage {
  /** Before any training: throws if no network of the space can meet the limits, with the smallest reachable values. */
  check(world: World): void | Promise<void>;
  search(
    world: World,
    ratings: readonly CellRatings[],
    request?: SearchRequest,
  ): SearchResult | Promise<SearchResult>;
  /**
   * Answers again from ratings that are there, under other limits: `dna search`. Absent: only a run searches.
   * @throws DnaError where a limit or `front` names no cost of the space, or no network meets the limits.
   */
  query?(
    place: CountedSpace,
    ratings: readonly CellRatings[],
    query: SearchQuery,
  ): SearchAnswer | Promise<SearchAnswer>;
}
