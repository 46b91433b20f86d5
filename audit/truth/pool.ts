import {
  type Architecture,
  type Costs,
  type DataDescription,
  type FeatureShape,
  type RandomStream,
  randomStream,
  type SearchSpace,
} from 'dna-nas/core';

/** A network of a space with what it costs on the data's images. */
export interface DrawnNetwork {
  /** In the space's words: the form that all equal networks share. */
  readonly text: string;
  readonly costs: Costs;
}

/** Draws networks of a space one after the other, no two of them equal. */
export class NetworkPool {
  readonly #space: SearchSpace;
  readonly #data: Pick<DataDescription, 'image' | 'classes'>;
  readonly #random: RandomStream;
  readonly #known = new Set<string>();
  readonly #prices = new Map<string, { output: FeatureShape; costs: Costs }>();
  #draws = 0;

  constructor(space: SearchSpace, data: Pick<DataDescription, 'image' | 'classes'>, seed: number) {
    this.#space = space;
    this.#data = data;
    this.#random = randomStream(seed).fork('truth');
  }

  /**
   * Each cell of a block is as likely as the others, and so is each operation of a layer: cells of few layers have few
   * paths, and would hardly be seen otherwise. Undefined where the draw came up before.
   */
  draw(): DrawnNetwork | undefined {
    const stream = this.#random.fork(this.#draws++);
    const drawn = this.#space.blocks.map(({ cells }) => {
      const cell = stream.integer(cells.length);
      return { cell, path: cells[cell]!.layers.map((operations) => stream.integer(operations.length)) };
    });
    const architecture = this.#space.canonical?.(drawn) ?? drawn;
    const text = this.#space.formatArchitecture(architecture);
    if (this.#known.has(text)) return undefined;
    this.#known.add(text);
    return { text, costs: this.#costs(architecture) };
  }

  /** Sum of the blocks' prices and the head's. */
  #costs(architecture: Architecture): Costs {
    const sums: Record<string, number> = {};
    const add = (costs: Costs) => {
      for (const [name, value] of Object.entries(costs)) sums[name] = (sums[name] ?? 0) + value;
    };
    let shape: FeatureShape = this.#data.image;
    architecture.forEach((choice, block) => {
      const { output, costs } = this.#price(block, choice, shape);
      shape = output;
      add(costs);
    });
    add(this.#space.priceHead(shape, this.#data.classes));
    return sums;
  }

  #price(block: number, choice: Architecture[number], input: FeatureShape) {
    const key = JSON.stringify([block, choice.cell, choice.path, input.height, input.width, input.channels]);
    const known = this.#prices.get(key) ?? this.#space.priceBlock(block, choice, input);
    this.#prices.set(key, known);
    return known;
  }
}
