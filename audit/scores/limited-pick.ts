import { mean as meanOf } from '../statistics/index.js';
import type { BaselineName, Scores } from './scores.js';

/** What a search within limits would have taken, among the networks whose accuracy is known. Accuracies are shares. */
export interface LimitedPick {
  readonly limits: Limits;
  /** Networks within the limits. */
  readonly networks: number;
  /** Place of the best rated network in the scores, from 0. */
  readonly network: number;
  readonly accuracy: number;
  /** Its rank by accuracy among the networks within the limits: 1 where none is better. */
  readonly rank: number;
  /** The best accuracy within the limits. */
  readonly best: number;
  /** Others whose multiply-adds are within 2 % of its own; absent where there are fewer than two. */
  readonly near?: NearNetworks;
  /** Those of them whose parameters are within 2 % of its own as well; absent where there are fewer than two. */
  readonly alike?: NearNetworks;
  /** Mean accuracy of the deepest networks within the limits; absent where no depth is known. */
  readonly deepest?: { readonly depth: number; readonly networks: number; readonly accuracy: number };
  /** Accuracy of the one with the most multiply-adds. */
  readonly mostExpensive: number;
}

export interface NearNetworks {
  readonly networks: number;
  readonly mean: number;
  readonly deviation: number;
  /** 95 % interval of the mean: what a random network of this cost is worth. */
  readonly interval: readonly [low: number, high: number];
  /** Share of them that the pick is better than. */
  readonly beaten: number;
}

/** The greatest value of each cost. */
export type Limits = { readonly [Name in BaselineName]?: number };

const NEAR = 0.02;
/** Deviations of a mean to either side of its 95 % interval. */
const WIDTH = 1.96;

/**
 * The best rated network within limits, and what its accuracy is worth beside the others'.
 * @returns undefined where no network is within the limits.
 */
export function pickWithin(scores: Scores, limits: Limits): LimitedPick | undefined {
  const { rating, accuracy, costs } = scores;
  const all = Array.from(rating.keys()).filter((network) => isWithin(costs, limits, network));
  const [first] = all;
  if (first === undefined) return undefined;
  const network = all.reduce((best, one) => (rating[one]! < rating[best]! ? one : best), first);
  const own = accuracy[network]!;
  const others = all.filter((one) => one !== network);
  const ofItsMacs = within(others, { costs: costs.macs, network });
  const near = nearNetworks(scores, network, ofItsMacs);
  const alike = nearNetworks(scores, network, within(ofItsMacs, { costs: costs.params, network }));
  const deepest = costs.depth && deepestOf(accuracy, costs.depth, all);
  return {
    limits,
    networks: all.length,
    network,
    accuracy: own,
    rank: 1 + all.filter((one) => accuracy[one]! > own).length,
    best: Math.max(...all.map((one) => accuracy[one]!)),
    ...(near && { near }),
    ...(alike && { alike }),
    ...(deepest && { deepest }),
    mostExpensive: accuracy[all.reduce((most, one) => (costs.macs[one]! > costs.macs[most]! ? one : most))]!,
  };
}

function isWithin(costs: Scores['costs'], limits: Limits, network: number): boolean {
  const entries = Object.entries(limits) as [BaselineName, number][];
  return entries.every(([name, limit]) => costs[name] !== undefined && costs[name][network]! <= limit);
}

/** Networks that cost what one does, within 2 %. */
function within(
  networks: readonly number[],
  { costs, network }: { readonly costs: Float64Array; readonly network: number },
): readonly number[] {
  return networks.filter((one) => Math.abs(costs[one]! / costs[network]! - 1) <= NEAR);
}

function nearNetworks(
  { accuracy }: Scores,
  network: number,
  networks: readonly number[],
): NearNetworks | undefined {
  const found = networks.map((one) => accuracy[one]!);
  if (found.length < 2) return undefined;
  const mean = meanOf(found);
  const deviation = Math.sqrt(
    found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (found.length - 1),
  );
  const half = (WIDTH * deviation) / Math.sqrt(found.length);
  const beaten = found.filter((value) => value < accuracy[network]!).length / found.length;
  return { networks: found.length, mean, deviation, interval: [mean - half, mean + half], beaten };
}

function deepestOf(accuracy: Float64Array, depths: Float64Array, all: readonly number[]) {
  const depth = Math.max(...all.map((one) => depths[one]!));
  const found = all.filter((one) => depths[one] === depth).map((one) => accuracy[one]!);
  return { depth, networks: found.length, accuracy: meanOf(found) };
}
