import { onceEach, type Ranked, type Weights } from './ranked.js';

/** Pairs of two different networks, each counted as often as its networks' weights multiplied. */
interface PairCounts {
  readonly pairs: number;
  readonly tiedX: number;
  readonly tiedY: number;
  /** Pairs that both order alike, less those that they order otherwise. */
  readonly difference: number;
}

/**
 * Kendall's tau-b (Kendall 1945): (concordant − discordant) / √((pairs − tied in x)(pairs − tied in y)), exact, in
 * O(n log n) (Knight 1966, with a binary indexed tree for its merge sort, as it takes weights). A network drawn twice
 * makes no pair with itself: that would be a tie which no truth has. NaN where all of x or y is tied.
 */
export function kendallTau(x: Ranked, y: Ranked, weights: Weights = onceEach(x.ranks.length)): number {
  const { pairs, tiedX, tiedY, difference } = comparePairs(x, y, weights);
  return difference / Math.sqrt((pairs - tiedX) * (pairs - tiedY));
}

/**
 * Kendall's partial tau (1942): what is left of tau(x, y) where z is held still. NaN where z orders as x or y does.
 */
export function partialTau({ xy, xz, yz }: { xy: number; xz: number; yz: number }): number {
  const left = (1 - xz ** 2) * (1 - yz ** 2);
  // What rounding leaves of 0 would be divided by.
  return left < 1e-12 ? Number.NaN : (xy - xz * yz) / Math.sqrt(left);
}

function comparePairs(x: Ranked, y: Ranked, weights: Weights): PairCounts {
  const seen = new RankedWeights(y.distinct);
  let [pairs, tiedX, tiedY, difference] = [0, 0, 0, 0];
  const { order, ranks } = x;
  for (let start = 0, end = 0; start < order.length; start = end) {
    const rank = ranks[order[start]!]!;
    // Networks of one x make no difference among each other: all are compared before any is added.
    for (; end < order.length && ranks[order[end]!] === rank; end++) {
      const network = order[end]!;
      const weight = weights[network]!;
      if (weight > 0) difference += weight * seen.lowerLessHigher(y.ranks[network]!);
    }
    const before = seen.total;
    for (let at = start; at < end; at++) {
      const network = order[at]!;
      const weight = weights[network]!;
      if (weight === 0) continue;
      pairs += weight * seen.total;
      tiedX += weight * (seen.total - before);
      tiedY += weight * seen.at(y.ranks[network]!);
      seen.add(y.ranks[network]!, weight);
    }
  }
  return { pairs, tiedX, tiedY, difference };
}

/** Weights by rank, with sums of all below one in O(log n): a binary indexed tree (Fenwick 1994). */
class RankedWeights {
  readonly #tree: Int32Array;
  readonly #own: Int32Array;
  total = 0;

  constructor(ranks: number) {
    this.#tree = new Int32Array(ranks + 1);
    this.#own = new Int32Array(ranks);
  }

  at(rank: number): number {
    return this.#own[rank]!;
  }

  /** Weight of lower ranks less weight of higher ones. */
  lowerLessHigher(rank: number): number {
    const tree = this.#tree;
    let lower = 0;
    for (let node = rank; node > 0; node &= node - 1) lower += tree[node]!;
    return 2 * lower + this.#own[rank]! - this.total;
  }

  add(rank: number, weight: number): void {
    const tree = this.#tree;
    for (let node = rank + 1; node < tree.length; node += node & -node) tree[node]! += weight;
    this.#own[rank]! += weight;
    this.total += weight;
  }
}
