import type { FeatureShape, Network } from './network.js';

/** One cell of a block: a chain of layers, each with operations to choose from. */
export interface SpaceCell {
  /** Name of each operation of each layer, `layers[layer][operation]`. */
  readonly layers: readonly (readonly string[])[];
  /** Channels of the cell in a network of its own (in the supernet its last layer has the teacher's). */
  readonly channels: number;
}

/** The cells that compete for one block. */
export interface SpaceBlock {
  /** From the block's input to its output; block 1's includes the stem. */
  readonly stride: number;
  readonly cells: readonly SpaceCell[];
  /** Channels of the block's last layer, whatever its cell. Absent: the cell's own. */
  readonly output?: number;
}

/** One cell of a block and one operation for each of its layers. */
export interface CellChoice {
  readonly cell: number;
  /** Index of the chosen operation, one a layer. */
  readonly path: readonly number[];
}

/** A network of the space: one choice a block. */
export type Architecture = readonly CellChoice[];

/** Additive costs by name; `macs` and `params` always, more if a space or plugin prices them (say `milliseconds`). */
export type Costs = Readonly<Record<string, number>>;

/** Where a layer stands. All counted from 0. */
export interface LayerPosition {
  readonly block: number;
  readonly cell: number;
  readonly layer: number;
}

/**
 * A search space. It declares how an architecture is written and read, priced and built; retraining, describe and
 * export use only that. `nn`'s `layeredSpace` makes one from a table of blocks and a function that makes operations.
 */
export interface SearchSpace {
  readonly name: string;
  readonly blocks: readonly SpaceBlock[];
  /** One line that says everything: `parseArchitecture(formatArchitecture(a))` equals `a`. */
  formatArchitecture(architecture: Architecture): string;
  /** Throws a `DnaError` that says where the text leaves the space. */
  parseArchitecture(text: string): Architecture;
  /** Costs of a block in a network of its own; block 0 works on the image and includes the stem. */
  priceBlock(block: number, choice: CellChoice, input: FeatureShape): { output: FeatureShape; costs: Costs };
  /** Costs of what follows the last block. */
  priceHead(input: FeatureShape, classes: number): Costs;
  /**
   * The form that all architectures of one network share, where several describe the same one; an architecture of the
   * space itself, and its own canonical form. Absent: each architecture is a network of its own.
   */
  canonical?(architecture: Architecture): Architecture;
  /** Number of layers that compute something, that is, are not the identity. Absent: all layers do. */
  depth?(architecture: Architecture): number;
  /** What stands before the first layer of a block's cells: block 0's stem, nothing elsewhere. */
  createEntrance(block: number, input: FeatureShape): Network | undefined;
  /** One operation of the supernet; `input` as it arrives at the layer, `channels` what it must put out. */
  createOperation(at: LayerPosition, operation: number, io: OperationShape): Network;
  /** The network itself, to be trained from scratch; its `cost` must equal the prices' sum. */
  createNetwork(architecture: Architecture, options: NetworkOptions): Network;
  /**
   * Reads a network that need not be in the space: a published one by its name, or a text. Throws a `DnaError` where
   * it is neither. Absent: only the texts of `parseArchitecture` can be read.
   */
  planNetwork?(text: string): NetworkPlan;
  /** The text by which `planNetwork` reads a network at other multipliers. Absent: its networks cannot be scaled. */
  scaleText?(text: string, scale: { readonly width: number; readonly depth: number }): string;
}

/** A network that can be built as often as it is needed. */
export interface NetworkPlan {
  /** Its layers, for people. */
  readonly text: string;
  create(options: NetworkOptions): Network;
}

export interface OperationShape {
  readonly inputChannels: number;
  readonly outputChannels: number;
}

export interface NetworkOptions {
  readonly image: FeatureShape;
  readonly classes: number;
  readonly dropout?: number;
  readonly dropConnect?: number;
  /** Momentum (share of a batch) and epsilon of all batch norms; what is absent stays as the space has it. */
  readonly batchNorm?: { readonly momentum?: number; readonly epsilon?: number };
}
