import type { Architecture, Costs, Counting, FeatureShape, SearchSpace } from 'dna-nas/core/contracts';

/** What networks of a space cost on images of one shape; a candidate after the same shape is priced once. */
export class NetworkPrices {
  readonly #space: SearchSpace;
  readonly #data: Counting;
  readonly #prices = new Map<string, { output: FeatureShape; costs: Costs }>();

  constructor(space: SearchSpace, data: Counting) {
    this.#space = space;
    this.#data = data;
  }

  /** Sum of the blocks' prices and the head's. */
  costsOf(architecture: Architecture): Costs {
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
