import type {
  Architecture,
  CellChoice,
  Costs,
  FeatureShape,
  LayerPosition,
  NetworkOptions,
  NetworkPlan,
  OperationShape,
  SearchSpace,
  SpaceBlock,
} from 'dna-nas/core/contracts';
import { restyleBatchNorms } from '../layers/index.js';
import type { Module, ModuleCost } from '../module.js';
import { formatLayered, parseLayered } from './architecture-text.js';
import { type CellPrices, priceCell, sumPath } from './cell-prices.js';
import { layerChannels } from './layer-channels.js';
import { LayeredNetwork } from './layered-network.js';
import { requireArchitecture, requireChoice } from './require-architecture.js';
import { tabulate } from './space-table.js';

/** One row of the table that a layered space is made of. */
export interface LayeredBlock {
  /** Stride of the block's first layer; the others have 1. The stem's comes on top in the first block. */
  readonly stride: number;
  readonly cells: readonly { readonly layers: number; readonly channels: number }[];
  /** Channels of the block's last layer, whatever its cell. @default the cell's own */
  readonly output?: number;
}

/** What an operation must do where it stands. */
export interface LayerShape extends OperationShape {
  readonly stride: number;
  /** Probability that a residual branch is dropped in training; rises from layer to layer of a whole network. */
  readonly dropConnect: number;
}

export interface LayeredSpaceOptions {
  readonly name: string;
  readonly blocks: readonly LayeredBlock[];
  /** Names of the operations to choose from: the same everywhere, or asked for each layer. */
  readonly operations: readonly string[] | ((at: LayerPosition) => readonly string[]);
  createOperation(operation: string, shape: LayerShape): Module;
  /** What stands before the first block; its stride and output channels are read off it. */
  createStem(inputChannels: number): Module;
  /** What follows the last block, down to the logits; `dropout` is for training. */
  createHead(inputChannels: number, options: { classes: number; dropout: number }): Module;
  /** Builds the network in another way (say, with other names); it must cost what its parts cost. */
  createNetwork?(architecture: Architecture, options: NetworkOptions): Module;
  /** Another text form than `24: conv3 conv5 | 40: conv3`; give `parse` as well. */
  format?(architecture: Architecture): string;
  /** The inverse of `format`; throws where the text leaves the space. */
  parse?(text: string): Architecture;
  /** Reads a network by a name or text that need not be in the space. @default the texts of the space alone */
  plan?(text: string): { readonly text: string; create(options: NetworkOptions): Module };
  /** The form that all architectures of one network share. @default each is a network of its own */
  canonical?(architecture: Architecture): Architecture;
  /** Number of layers that are not the identity. @default all */
  depth?(architecture: Architecture): number;
  /** The text of a network at other multipliers, for `plan`. @default networks cannot be scaled */
  scaleText?: SearchSpace['scaleText'];
}

/** An image large enough that the stem's padding does not blur its stride. */
const PROBE: FeatureShape = { height: 1024, width: 1024, channels: 3 };

/**
 * Makes a search space of a table of blocks and a function that makes operations. Prices are counted on the modules
 * themselves, without tensors, and remembered: a candidate's price is a sum over its layers.
 * Throws a `DnaError` if the table is malformed.
 */
export function layeredSpace(options: LayeredSpaceOptions): SearchSpace {
  const space = new LayeredSpace(options);
  // A plain object, so that `{ ...space, method }` keeps whatever is not replaced.
  return {
    name: space.name,
    blocks: space.blocks,
    canonical: space.canonical,
    depth: space.depth,
    scaleText: options.scaleText,
    formatArchitecture: (architecture) => space.formatArchitecture(architecture),
    parseArchitecture: (text) => space.parseArchitecture(text),
    priceBlock: (block, choice, input) => space.priceBlock(block, choice, input),
    priceHead: (input, classes) => space.priceHead(input, classes),
    createEntrance: (block, input) => space.createEntrance(block, input),
    createOperation: (at, operation, io) => space.createOperation(at, operation, io),
    createNetwork: (architecture, network) => space.createNetwork(architecture, network),
    planNetwork: (text) => space.planNetwork(text),
  };
}

class LayeredSpace implements SearchSpace {
  readonly name: string;
  readonly blocks: readonly SpaceBlock[];
  readonly canonical: SearchSpace['canonical'];
  readonly depth: SearchSpace['depth'];
  readonly #options: LayeredSpaceOptions;
  readonly #stemPrices = new Map<string, { output: FeatureShape; costs: Costs }>();
  readonly #cellPrices = new Map<string, CellPrices>();
  readonly #operationPrices = new Map<string, ModuleCost>();

  constructor(options: LayeredSpaceOptions) {
    const { height } = options.createStem(PROBE.channels).trace(PROBE).output;
    this.name = options.name;
    this.blocks = tabulate(options, Math.round(PROBE.height / height));
    this.canonical = checked(this.blocks, options.canonical);
    this.depth = checked(this.blocks, options.depth);
    this.#options = options;
  }

  formatArchitecture(architecture: Architecture): string {
    requireArchitecture(this.blocks, architecture);
    return this.#options.format?.(architecture) ?? formatLayered(this.blocks, architecture);
  }

  parseArchitecture(text: string): Architecture {
    const architecture = this.#options.parse?.(text) ?? parseLayered(this.blocks, text);
    requireArchitecture(this.blocks, architecture);
    return architecture;
  }

  priceBlock(block: number, choice: CellChoice, input: FeatureShape): { output: FeatureShape; costs: Costs } {
    requireChoice(this.blocks, block, choice);
    const before = block === 0 ? this.#priceStem(input) : { output: input, costs: {} };
    const prices = this.#priceCell(block, choice.cell, before.output);
    return { output: prices.output, costs: sumPath(prices, choice.path, before.costs) };
  }

  priceHead(input: FeatureShape, classes: number): Costs {
    const { macs, params } = this.#options.createHead(input.channels, { classes, dropout: 0 }).cost(input);
    return { macs, params };
  }

  createEntrance(block: number, input: FeatureShape): Module | undefined {
    return block === 0 ? this.#options.createStem(input.channels) : undefined;
  }

  createOperation(
    at: LayerPosition,
    operation: number,
    io: OperationShape & { dropConnect?: number },
  ): Module {
    const name = this.blocks[at.block]!.cells[at.cell]!.layers[at.layer]![operation]!;
    return this.#options.createOperation(name, { dropConnect: 0, ...io, stride: this.#strideOf(at) });
  }

  createNetwork(architecture: Architecture, options: NetworkOptions): Module {
    requireArchitecture(this.blocks, architecture);
    const made =
      this.#options.createNetwork?.(architecture, options) ?? this.#assemble(architecture, options);
    return restyleBatchNorms(made, options.batchNorm);
  }

  planNetwork(text: string): NetworkPlan {
    const planned = this.#options.plan?.(text);
    if (planned) {
      const create = (options: NetworkOptions) =>
        restyleBatchNorms(planned.create(options), options.batchNorm);
      return { text: planned.text, create };
    }
    const architecture = this.parseArchitecture(text);
    const create = (options: NetworkOptions) => this.createNetwork(architecture, options);
    return { text: this.formatArchitecture(architecture), create };
  }

  #assemble(architecture: Architecture, options: NetworkOptions): Module {
    const stem = this.#options.createStem(options.image.channels);
    const parts = new Map<string, Module>([['stem', stem]]);
    const total = architecture.reduce((sum, { path }) => sum + path.length, 0);
    let inputChannels = stem.trace(options.image).output.channels;
    for (const [block, { cell, path }] of architecture.entries()) {
      for (const [layer, operation] of path.entries()) {
        const outputChannels = layerChannels(this.blocks[block]!, { cell, layer });
        const dropConnect = ((options.dropConnect ?? 0) * (parts.size - 1)) / total;
        const io = { inputChannels, outputChannels, dropConnect };
        parts.set(`blocks.${block}.${layer}`, this.createOperation({ block, cell, layer }, operation, io));
        inputChannels = outputChannels;
      }
    }
    const head = { classes: options.classes, dropout: options.dropout ?? 0 };
    return new LayeredNetwork(parts.set('head', this.#options.createHead(inputChannels, head)));
  }

  #priceStem(input: FeatureShape): { output: FeatureShape; costs: Costs } {
    return remember(this.#stemPrices, shapeKey(input), () => {
      const { output, macs, params } = this.#options.createStem(input.channels).cost(input);
      return { output, costs: { macs, params } };
    });
  }

  #priceCell(block: number, cell: number, input: FeatureShape): CellPrices {
    return remember(this.#cellPrices, `${block} ${cell} ${shapeKey(input)}`, () => {
      const { layers } = this.blocks[block]!.cells[cell]!;
      return priceCell(layers, input, (layer, operation, shape) =>
        this.#priceOperation({ block, cell, layer }, operation, shape),
      );
    });
  }

  /** Many cells and layers have the same operations. */
  #priceOperation(at: LayerPosition, operation: number, input: FeatureShape): ModuleCost {
    const block = this.blocks[at.block]!;
    const name = block.cells[at.cell]!.layers[at.layer]![operation]!;
    const outputChannels = layerChannels(block, at);
    const key = `${name} ${this.#strideOf(at)} ${outputChannels} ${shapeKey(input)}`;
    return remember(this.#operationPrices, key, () => {
      const io = { inputChannels: input.channels, outputChannels };
      return this.createOperation(at, operation, io).cost(input);
    });
  }

  #strideOf({ block, layer }: LayerPosition): number {
    return layer === 0 ? this.#options.blocks[block]!.stride : 1;
  }
}

/** `work` for architectures of the space alone; absent where it is. */
function checked<Result>(
  blocks: readonly SpaceBlock[],
  work: ((architecture: Architecture) => Result) | undefined,
): ((architecture: Architecture) => Result) | undefined {
  if (!work) return undefined;
  return (architecture) => {
    requireArchitecture(blocks, architecture);
    return work(architecture);
  };
}

function shapeKey({ height, width, channels }: FeatureShape): string {
  return `${height}×${width}×${channels}`;
}

function remember<Value>(memory: Map<string, Value>, key: string, make: () => Value): Value {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}
