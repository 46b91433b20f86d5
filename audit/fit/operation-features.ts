import type { Architecture, CellChoice, SearchSpace } from 'dna-nas/core/contracts';
import { canonicalChoice } from 'dna-nas/core/space';
import { mean } from '../statistics/index.js';

/**
 * What networks of a space are made of, as numbers that add up over their blocks: how often each operation stands at
 * each place of each cell, how often it stands anywhere, and which cell each block has. Equal networks count alike.
 */
export class OperationFeatures {
  /** What a feature counts for each time it is in a network: 1 over the root of the layers of a mean network. */
  readonly unit: number;
  readonly #space: SearchSpace;
  readonly #numbers = new Map<string, number>();
  /** How often each feature is in a network of the space, where all cells and operations are as likely. */
  readonly #expected: number[] = [];

  constructor(space: SearchSpace) {
    this.#space = space;
    space.blocks.forEach(({ cells }, block) => {
      cells.forEach(({ layers }, cell) => {
        const share = 1 / cells.length;
        if (cells.length > 1) this.#expect(cellOf(block, cell), share);
        layers.forEach((operations, layer) => {
          for (const operation of operations)
            for (const name of namesOf({ block, cell, layer, operation }))
              this.#expect(name, share / operations.length);
        });
      });
    });
    const layers = space.blocks.map(({ cells }) => mean(cells.map((cell) => cell.layers.length)));
    this.unit = 1 / Math.sqrt(layers.reduce((sum, count) => sum + count, 0));
  }

  /** The features of one candidate of a block; one that it has several times stands in it several times. */
  ofCandidate(block: number, choice: CellChoice): number[] {
    const { cell, path } = canonicalChoice(this.#space, block, choice);
    const { cells } = this.#space.blocks[block]!;
    const { layers } = cells[cell]!;
    const names = path.flatMap((chosen, layer) =>
      namesOf({ block, cell, layer, operation: layers[layer]![chosen]! }),
    );
    if (cells.length > 1) names.push(cellOf(block, cell));
    return names.map((name) => this.#numbers.get(name)!);
  }

  /** A column a feature: how much more of it each network has than is expected, in units. */
  columnsOf(architectures: readonly Architecture[]): Float64Array[] {
    const columns = this.#expected.map((count) =>
      new Float64Array(architectures.length).fill(-count * this.unit),
    );
    architectures.forEach((architecture, network) => {
      architecture.forEach((choice, block) => {
        for (const feature of this.ofCandidate(block, choice)) columns[feature]![network]! += this.unit;
      });
    });
    return columns;
  }

  #expect(name: string, share: number): void {
    if (!this.#numbers.has(name)) this.#numbers.set(name, this.#numbers.size);
    const feature = this.#numbers.get(name)!;
    this.#expected[feature] = (this.#expected[feature] ?? 0) + share;
  }
}

interface OperationPosition {
  readonly block: number;
  readonly cell: number;
  readonly layer: number;
  readonly operation: string;
}

/** Of an operation at its position, and of it wherever it stands; a tab is in no operation's name. */
function namesOf({ block, cell, layer, operation }: OperationPosition): string[] {
  return [[block, cell, layer, operation].join('\t'), operation];
}

function cellOf(block: number, cell: number): string {
  return `${block}\t${cell}`;
}
