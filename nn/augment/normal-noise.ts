import type { RandomStream } from 'dna-nas/core';

const LEVELS = 1 << 16;
/** Where the table begins: beyond the first of its quantiles. */
const FARTHEST = 4.5;
const STEPS = 1 << 17;

let quantiles: Float32Array | undefined;

/**
 * Standard normal values in great numbers, quickly: quantiles of the normal distribution in 65,536 levels, drawn by a
 * small generator (xorshift128) that the stream seeds with four values.
 */
export class NormalNoise {
  readonly #quantiles: Float32Array;
  readonly #state: Uint32Array;
  #kept = -1;

  constructor(random: RandomStream) {
    quantiles ??= normalQuantiles();
    this.#quantiles = quantiles;
    this.#state = Uint32Array.from({ length: 4 }, () => random.uint32());
    // All zeros would stay zeros.
    this.#state[0]! |= 1;
  }

  next(): number {
    if (this.#kept >= 0) {
      const level = this.#kept;
      this.#kept = -1;
      return this.#quantiles[level]!;
    }
    const drawn = this.#draw();
    this.#kept = drawn >>> 16;
    return this.#quantiles[drawn & 0xffff]!;
  }

  /** Marsaglia's xorshift128 (2003). */
  #draw(): number {
    const state = this.#state;
    const [x = 0, y = 0, z = 0, w = 0] = state;
    const t = x ^ (x << 11);
    state[0] = y;
    state[1] = z;
    state[2] = w;
    state[3] = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return state[3]!;
  }
}

/** The values below which (i + ½) ÷ 65,536 of the distribution lie, by adding the density up. */
function normalQuantiles(): Float32Array {
  const density = (x: number) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  const step = FARTHEST / STEPS;
  const table = new Float32Array(LEVELS);
  let [x, below] = [0, 0.5];
  for (let level = LEVELS / 2; level < LEVELS; level++) {
    const wanted = (level + 0.5) / LEVELS;
    let rise = step * density(x + step / 2);
    while (below + rise < wanted) {
      below += rise;
      x += step;
      rise = step * density(x + step / 2);
    }
    table[level] = x + step * ((wanted - below) / rise);
    table[LEVELS - 1 - level] = -table[level]!;
  }
  return table;
}
