import { type RandomStream, randomStream } from 'dna-nas/core';
import type {
  Architecture,
  CellChoice,
  Costs,
  Counting,
  SearchSpace,
  SpaceBlock,
} from 'dna-nas/core/contracts';
import { candidateCount, networkCount, pathCount, pathOf } from 'dna-nas/core/space';
import { NetworkPrices } from '../network-prices.js';

/** A network of a space with what it costs on the data's images. */
export interface DrawnNetwork {
  /** In the space's words: the form that all equal networks share. */
  readonly text: string;
  readonly costs: Costs;
}

/** A space of no more networks is gone through in a drawn order, so that each of them comes up. */
const SMALL = 20_000;

/** Draws networks of a space one after the other, no two of them equal. */
export class NetworkPool {
  readonly #space: SearchSpace;
  readonly #random: RandomStream;
  /** The networks of a small space, by number. */
  readonly #order: Uint32Array | undefined;
  readonly #known = new Set<string>();
  readonly #prices: NetworkPrices;
  #draws = 0;

  constructor(space: SearchSpace, data: Counting, seed: number) {
    this.#space = space;
    this.#prices = new NetworkPrices(space, data);
    this.#random = randomStream(seed).fork('truth');
    const count = networkCount(space.blocks);
    if (count <= SMALL) this.#order = this.#random.fork('order').permutation(count);
  }

  /** Whether every network of the space has come up. */
  get exhausted(): boolean {
    return this.#order !== undefined && this.#draws >= this.#order.length;
  }

  /** Undefined where the draw, or its equal, came up before. */
  draw(): DrawnNetwork | undefined {
    const drawn = this.#order ? this.#numbered(this.#order[this.#draws]!) : this.#drawn();
    this.#draws++;
    const architecture = this.#space.canonical?.(drawn) ?? drawn;
    const text = this.#space.formatArchitecture(architecture);
    if (this.#known.has(text)) return undefined;
    this.#known.add(text);
    return { text, costs: this.#prices.costsOf(architecture) };
  }

  /**
   * Each cell of a block is as likely as the others, and so is each operation of a layer: cells of few layers have few
   * paths, and would hardly be seen otherwise.
   */
  #drawn(): Architecture {
    const stream = this.#random.fork(this.#draws);
    return this.#space.blocks.map(({ cells }) => {
      const cell = stream.integer(cells.length);
      return { cell, path: cells[cell]!.layers.map((operations) => stream.integer(operations.length)) };
    });
  }

  /** Mixed radix, last block fastest; a block's candidates are its cells' paths, cell by cell. */
  #numbered(number: number): Architecture {
    const choices: CellChoice[] = [];
    let rest = number;
    for (const block of [...this.#space.blocks].reverse()) {
      const count = candidateCount(block);
      choices.unshift(candidateOf(block, rest % count));
      rest = Math.floor(rest / count);
    }
    return choices;
  }
}

function candidateOf({ cells }: SpaceBlock, number: number): CellChoice {
  let rest = number;
  for (const [cell, { layers }] of cells.entries()) {
    const choices = layers.map((operations) => operations.length);
    const count = pathCount(choices);
    if (rest < count) return { cell, path: pathOf(rest, choices) };
    rest -= count;
  }
  throw new RangeError(`The block has no candidate ${number}.`);
}
