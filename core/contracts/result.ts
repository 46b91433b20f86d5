import type { Architecture, CellChoice, Costs } from './space.js';

/** A candidate of one block with its rating (lower is better). */
export interface RatedCandidate extends CellChoice {
  readonly block: number;
  readonly rating: number;
}

/** All candidates of one cell: `values[i]` rates the path whose mixed-radix number is i (last layer fastest). */
export interface CellRatings {
  readonly block: number;
  readonly cell: number;
  readonly choices: readonly number[];
  readonly values: Float64Array;
}

export interface FoundArchitecture {
  readonly architecture: Architecture;
  /** The space's one-line form. */
  readonly text: string;
  /** Sum over the blocks; the reported optimum's sum is in block order. */
  readonly rating: number;
  readonly costs: Costs;
}

export interface SearchResult {
  readonly best: FoundArchitecture;
  readonly top: readonly FoundArchitecture[];
  /** Rating against the first limited cost (or macs). */
  readonly front: readonly FoundArchitecture[];
  /** A uniformly drawn network whose costs come nearest to the best's without passing the limits. */
  readonly random: FoundArchitecture;
  readonly seconds: number;
}

/** One trained or given network in the summary. */
export interface NetworkResult {
  readonly name: 'teacher' | 'found' | 'random' | (string & {});
  readonly params: number;
  readonly macs: number;
  /** Test accuracy, 0 to 1. */
  readonly top1: number;
}

export interface RunSummary {
  readonly preset: string | null;
  readonly seed: number;
  readonly backend: string;
  readonly seconds: number;
  readonly architecture: string;
  readonly rating: number;
  readonly networks: readonly NetworkResult[];
  readonly stages: Readonly<Record<string, number>>;
  /** What a reader must know before trusting any figure: the teacher was never trained, say. */
  readonly warnings?: readonly string[];
}
