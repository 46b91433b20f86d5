import type { RandomStream } from 'dna-nas/core';
import type {
  CellRequest,
  CellSupernet,
  FeatureShape,
  ForwardContext,
  Network,
  NetworkTensor,
} from 'dna-nas/core/contracts';
import { DnaError } from 'dna-nas/errors';
import { childContext, tf } from 'dna-nas/nn';

type Tensors = Map<string, NetworkTensor>;

/** Names below which the parts' tensors stand. */
const ENTRANCE = 'entrance';
const operationName = (layer: number, operation: number) => `layers.${layer}.operations.${operation}`;

/**
 * One cell of one block: one module for each operation of each layer, shared by every path through it. The last layer
 * puts out the teacher's channels, whatever the cell's own.
 */
export class MultiCell implements CellSupernet {
  readonly block: number;
  readonly cell: number;
  readonly choices: readonly number[];
  readonly #input: FeatureShape;
  readonly #entrance: Network | undefined;
  /** By the operation's name. */
  readonly #tensors = new Map<string, Tensors>();
  /** `layers[layer][operation]` */
  readonly #layers: readonly (readonly Network[])[];
  readonly #meanMacs: number;

  constructor(request: CellRequest) {
    const { space, block, cell } = request;
    this.block = block.index;
    this.cell = cell;
    const { layers } = space.blocks[block.index]!.cells[cell]!;
    this.choices = layers.map((operations) => operations.length);
    this.#input = block.input;
    this.#entrance = space.createEntrance(block.index, block.input);
    this.#layers = createLayers(request, this.#firstInput().channels);
    const { output, macs } = this.#trace();
    requireOutput(request, output);
    this.#meanMacs = macs;
  }

  entrance(x: tf.Tensor, context: ForwardContext): tf.Tensor {
    return this.#entrance ? this.#entrance.forward(x, childContext(context, ENTRANCE)) : tf.clone(x);
  }

  layer(index: number, operation: number, x: tf.Tensor, context: ForwardContext): tf.Tensor {
    return this.#operation(index, operation).forward(
      x,
      childContext(context, operationName(index, operation)),
    );
  }

  get repeatable(): boolean {
    const networks = [this.#entrance ?? [], this.#layers].flat(2);
    return networks.every(({ repeatable }) => repeatable);
  }

  forward(x: tf.Tensor, path: readonly number[], context: ForwardContext): tf.Tensor {
    this.#requirePath(path);
    return tf.tidy(() => {
      let features = this.entrance(x, context);
      for (const [layer, operation] of path.entries())
        features = this.layer(layer, operation, features, context);
      return features;
    });
  }

  pathTensors(path: readonly number[]): Tensors {
    this.#requirePath(path);
    const operations = path.map((operation, layer) => this.#tensorsOf(layer, operation));
    return merge([this.#tensorsOf(-1, 0), ...operations]);
  }

  buffers(layer: number, operation: number): Tensors {
    return new Map([...this.#tensorsOf(layer, operation)].filter(([, tensor]) => tensor.role === 'buffer'));
  }

  tensors(): Tensors {
    const operations = this.choices.flatMap((count, layer) =>
      Array.from({ length: count }, (_, operation) => this.#tensorsOf(layer, operation)),
    );
    return merge([this.#tensorsOf(-1, 0), ...operations]);
  }

  meanMacs(): number {
    return this.#meanMacs;
  }

  /** Elements of the maps of the widest path. */
  activations(): number {
    let shape = this.#firstInput();
    let kept = this.#entrance?.activations?.(this.#input) ?? 0;
    for (const operations of this.#layers) {
      kept += Math.max(...operations.map((network) => network.activations?.(shape) ?? 0));
      shape = operations[0]!.cost(shape).output;
    }
    return kept;
  }

  /** Each tensor draws from a stream forked by its own name, so no draw depends on the other operations. */
  initialise(random: RandomStream): this {
    this.#entrance?.initialise(random.fork(ENTRANCE));
    for (const [layer, operations] of this.#layers.entries()) {
      for (const [operation, network] of operations.entries()) {
        network.initialise(random.fork(operationName(layer, operation)));
      }
    }
    return this;
  }

  dispose(): void {
    this.#entrance?.dispose();
    for (const network of this.#layers.flat()) network.dispose();
  }

  /** Every step asks for those of its path. */
  #tensorsOf(layer: number, operation: number): Tensors {
    const name = layer === -1 ? ENTRANCE : operationName(layer, operation);
    let tensors = this.#tensors.get(name);
    if (!tensors) {
      const network = layer === -1 ? this.#entrance : this.#operation(layer, operation);
      tensors = network?.tensors(`${name}.`) ?? new Map();
      this.#tensors.set(name, tensors);
    }
    return tensors;
  }

  #operation(layer: number, operation: number): Network {
    const network = this.#layers[layer]?.[operation];
    if (network) return network;
    throw new RangeError(
      `This cell has no operation ${operation} in layer ${layer}; it has ${this.choices.join(', ')}.`,
    );
  }

  #requirePath(path: readonly number[]): void {
    if (path.length === this.choices.length) return;
    throw new RangeError(`A path of this cell has ${this.choices.length} operations, not ${path.length}.`);
  }

  #firstInput(): FeatureShape {
    return this.#entrance ? this.#entrance.cost(this.#input).output : this.#input;
  }

  /** The cell's output, and its multiply-adds with each layer the mean of its operations. */
  #trace(): { output: FeatureShape; macs: number } {
    let output = this.#firstInput();
    let macs = this.#entrance?.cost(this.#input).macs ?? 0;
    for (const operations of this.#layers) {
      const costs = operations.map((network) => network.cost(output));
      macs += costs.reduce((sum, cost) => sum + cost.macs, 0) / costs.length;
      output = costs[0]!.output;
    }
    return { output, macs };
  }
}

function createLayers({ space, block, cell }: CellRequest, firstInput: number): Network[][] {
  const { layers, channels } = space.blocks[block.index]!.cells[cell]!;
  return layers.map((operations, layer) => {
    const inputChannels = layer === 0 ? firstInput : channels;
    const outputChannels = layer === layers.length - 1 ? block.output.channels : channels;
    const at = { block: block.index, cell, layer };
    return operations.map((_, operation) =>
      space.createOperation(at, operation, { inputChannels, outputChannels }),
    );
  });
}

function requireOutput({ block, cell }: CellRequest, found: FeatureShape): void {
  const { output } = block;
  if (found.height === output.height && found.width === output.width && found.channels === output.channels)
    return;
  throw new DnaError(
    'CELL_SHAPE',
    `Cell ${cell + 1} of ${block.name} puts out ${show(found)}, the block asks for ${show(output)}.`,
    'The strides of the space and the partition disagree: check both.',
  );
}

function show({ height, width, channels }: FeatureShape): string {
  return `${height}×${width}×${channels}`;
}

function merge(parts: readonly Tensors[]): Tensors {
  return new Map(parts.flatMap((part) => [...part]));
}
