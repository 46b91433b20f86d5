import { type Ranked, rankValues, type Weights } from './ranked.js';

/** Sizes that differ by at most this share of the larger count as one. */
export const SAME_SIZE = 0.05;

/** Up to so many pairs a resample counts each one. */
const FEW_PAIRS = 2_000_000;

/**
 * Pairs of networks of nearly one size: multiply-adds that differ by at most a share of the larger ones. In order of
 * their size, the partners of a network are those from some place up to its own.
 *
 * Their tau is tau-a, (concordant − discordant) / pairs: pairs that a predictor ties count, as it does not help to
 * choose between them; tau-b would leave them out. It is NaN where there are no pairs.
 */
export class SizeMatchedPairs {
  readonly #order: Int32Array;
  /** Place in the order of each network's first partner, by its own place. */
  readonly #starts: Int32Array;
  readonly count: number;

  constructor(macs: Float64Array, share: number) {
    this.#order = rankValues(macs).order;
    this.#starts = new Int32Array(macs.length);
    let [start, count] = [0, 0];
    this.#order.forEach((network, place) => {
      while (macs[this.#order[start]!]! < macs[network]! * (1 - share)) start++;
      this.#starts[place] = start;
      count += place - start;
    });
    this.count = count;
  }

  /** Of all pairs, one by one. */
  tau(x: Ranked, y: Ranked): number {
    const starts = this.#starts;
    const [xs, ys] = [this.#inOrder(x.ranks), this.#inOrder(y.ranks)];
    let difference = 0;
    for (let place = 0; place < xs.length; place++) {
      const [ownX, ownY] = [xs[place]!, ys[place]!];
      let sum = 0;
      for (let other = starts[place]!; other < place; other++)
        sum += Math.imul(signOf(xs[other]! - ownX), signOf(ys[other]! - ownY));
      difference += sum;
    }
    return difference / this.count;
  }

  /**
   * The tau by how often each network counts; a pair counts as often as its networks' weights multiplied. Where the
   * pairs are millions, it is a sum over networks instead of pairs: what a network that is drawn more or less often
   * adds, the others drawn once. What is left out, of second order, has a variance of 1/pairs.
   */
  tauByWeights(x: Ranked, y: Ranked): (weights: Weights) => number {
    if (this.count > FEW_PAIRS) return firstOrder(this.#sums(x, y));
    const signs = this.#signs(x, y);
    return (weights) => this.#weightedTau(signs, weights);
  }

  #weightedTau(signs: Int8Array, weights: Weights): number {
    const starts = this.#starts;
    const own = this.#inOrder(weights);
    let [difference, pairs, pair] = [0, 0, 0];
    for (let place = 0; place < own.length; place++) {
      let [sum, partners] = [0, 0];
      for (let other = starts[place]!; other < place; other++, pair++) {
        partners += own[other]!;
        sum += Math.imul(own[other]!, signs[pair]!);
      }
      difference += own[place]! * sum;
      pairs += own[place]! * partners;
    }
    return difference / pairs;
  }

  /** Of each pair, by place and partner: 1 where x and y order it alike, −1 where they do not, 0 where one ties it. */
  #signs(x: Ranked, y: Ranked): Int8Array {
    const signs = new Int8Array(this.count);
    const [xs, ys] = [this.#inOrder(x.ranks), this.#inOrder(y.ranks)];
    let pair = 0;
    for (let place = 0; place < xs.length; place++) {
      for (let other = this.#starts[place]!; other < place; other++, pair++)
        signs[pair] = signOf(xs[other]! - xs[place]!) * signOf(ys[other]! - ys[place]!);
    }
    return signs;
  }

  /** For each network, its pairs that are ordered alike less those that are not, and all of its pairs. */
  #sums(x: Ranked, y: Ranked): NetworkSums {
    const [order, starts] = [this.#order, this.#starts];
    const [xs, ys] = [this.#inOrder(x.ranks), this.#inOrder(y.ranks)];
    const [differences, partners] = [new Float64Array(order.length), new Float64Array(order.length)];
    for (let place = 0; place < order.length; place++) {
      let sum = 0;
      const [ownX, ownY] = [xs[place]!, ys[place]!];
      for (let other = starts[place]!; other < place; other++) {
        const sign = Math.imul(signOf(xs[other]! - ownX), signOf(ys[other]! - ownY));
        sum += sign;
        differences[order[other]!]! += sign;
        partners[order[other]!]! += 1;
      }
      differences[order[place]!]! += sum;
      partners[order[place]!]! += place - starts[place]!;
    }
    return { differences, partners };
  }

  #inOrder(values: Int32Array): Int32Array {
    const ordered = new Int32Array(values.length);
    for (let place = 0; place < ordered.length; place++) ordered[place] = values[this.#order[place]!]!;
    return ordered;
  }
}

/** What each network takes part in. */
interface NetworkSums {
  readonly differences: Float64Array;
  readonly partners: Float64Array;
}

function firstOrder({ differences, partners }: NetworkSums): (weights: Weights) => number {
  return (weights) => {
    let [difference, pairs] = [0, 0];
    for (let network = 0; network < weights.length; network++) {
      // Each pair stands in the sums of both of its networks.
      const factor = weights[network]! - 0.5;
      difference += factor * differences[network]!;
      pairs += factor * partners[network]!;
    }
    return difference / pairs;
  };
}

/** 1, 0 or −1 of a small whole number, without a branch. */
function signOf(value: number): number {
  return (value >> 31) - (-value >> 31);
}
