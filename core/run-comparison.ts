/** Several runs side by side, as data: what `dna compare` finds. */
import type { Costs } from './contracts/index.js';
import type { Json } from './plugin/plugin.js';
import type { RunSoFar } from './run-events.js';
import type { NetworkComparison, NetworkResult } from './stages/index.js';

/** Runs, and how each differs from the first. */
export interface RunsComparison {
  readonly runs: readonly ComparedRun[];
  /** Options and surroundings that are not the same in all runs, by path. */
  readonly configuration: readonly ConfigurationDifference[];
  /** Each run's network against the first run's. */
  readonly differences: readonly RunDifference[];
}

export interface ComparedRun {
  /** Its folder's name, or the folder as it was given where two have the same. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly complete: boolean;
  readonly summary: RunSoFar;
  /** What is compared: the network that was found, or the first that was given. Absent before it is trained. */
  readonly network?: NetworkResult;
  /** Of the network that was found, as the search counted them. */
  readonly costs?: Costs;
  /** The network that was found, block by block. */
  readonly blocks?: readonly ComparedChoice[];
  /** Of the cells that are trained. */
  readonly losses: readonly CellLoss[];
  /** What could not be compared of it, and why. */
  readonly missing: readonly string[];
}

/** What a search chose for a block. */
export interface ComparedChoice {
  /** Counted from 0. */
  readonly cell: number;
  readonly channels?: number;
  /** Names of the operations. */
  readonly layers: readonly string[];
}

/** How a cell's loss fell. */
export interface CellLoss {
  /** Counted from 0, as the cell. */
  readonly block: number;
  readonly cell: number;
  readonly steps: number;
  /** Means of as many steps as a point of its curve stands for. */
  readonly first: number;
  readonly last: number;
}

export interface ConfigurationDifference {
  /** Dotted; `identity.data`, `identity.teacher` and `identity.numerics` are what the run was computed with. */
  readonly path: string;
  /** By the run's name; absent where a run has none. */
  readonly values: Readonly<Record<string, Json>>;
}

/** A run's network against the first run's: by how much, or why that is not known. */
export type RunDifference = {
  readonly run: string;
  readonly against: string;
} & (
  | (Pick<NetworkComparison, 'difference' | 'interval' | 'images' | 'discordant'> & {
      readonly unknown?: undefined;
    })
  | { readonly unknown: string }
);

/** Told to whoever makes a page of it. */
export interface RunsCompared {
  readonly comparison: RunsComparison;
  /** File to write, absolute. */
  readonly page: string;
}
