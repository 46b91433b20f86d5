import type {
  CellChoice,
  FeatureShape,
  LayerPosition,
  Network,
  SearchSpace,
  StagedNetwork,
} from 'dna-nas/core/contracts';
import type { CountedSpace } from 'dna-nas/core/stages';
import { Identity } from 'dna-nas/nn/layers';
import { cellOutput, layerChannels } from 'dna-nas/nn/space';
import { type LayerRow, layerKey, tableShape } from '../table/latency-table.js';
import { emptyCall } from './empty-call.js';
import { NetworkHead } from './network-head.js';

/** A layer that networks of a space can have, on a shape that it can be given. */
export interface SpaceLayer extends Omit<LayerRow, 'samples' | 'file'> {
  /** Makes it without weights. */
  create(): Network;
}

/** Every layer that a network of the space can have; those that compute the same on the same shape stand once. */
export function listLayers(counted: CountedSpace): SpaceLayer[] {
  const layers = new Map<string, SpaceLayer>();
  const add = (...some: readonly SpaceLayer[]) => {
    for (const layer of some) if (!computesNothing(layer)) layers.set(layerKey(layer), layer);
  };
  add(emptyCall());
  let inputs: FeatureShape[] = [counted.data.image];
  for (const [block, { cells }] of counted.space.blocks.entries()) {
    const outputs = new Map<string, FeatureShape>();
    for (const input of inputs) {
      const context = { space: counted.space, block, input };
      add(...entranceOf(context));
      for (const cell of cells.keys()) {
        const { layers: found, output } = cellLayers(context, cell);
        add(...found);
        outputs.set(tableShape(output).join(), output);
      }
    }
    inputs = [...outputs.values()];
  }
  add(...headsOf(counted, inputs));
  return [...layers.values()];
}

/** Whether it hands its input on, so that no runtime has anything to do for it. */
export function computesNothing({ macs, create }: SpaceLayer): boolean {
  return macs === 0 && create() instanceof Identity;
}

export interface BlockContext {
  readonly space: SearchSpace;
  /** Layers that were made before, by their places: there are far more choices than layers. */
  readonly known?: Map<string, SpaceLayer>;
  readonly block: number;
  /** What the block is given. */
  readonly input: FeatureShape;
}

/** The layers of one choice of a block in order, what stands before them included. */
export function layersOfChoice(context: BlockContext, { cell, path }: CellChoice): SpaceLayer[] {
  const before = entranceOf(context);
  let shape = before[0] ? shapeOf(before[0]) : context.input;
  const layers = path.map((operation, layer) => {
    const one = operationAt(context, { at: { block: context.block, cell, layer }, operation, input: shape });
    shape = shapeOf(one);
    return one;
  });
  return [...before, ...layers];
}

const shapeOf = ({ output: [height, width, channels] }: SpaceLayer): FeatureShape => ({
  ...{ height, width, channels },
});

function entranceOf({ space, block, input, known }: BlockContext): SpaceLayer[] {
  const key = ['stem', block, ...tableShape(input)].join();
  const before = known?.get(key);
  if (before) return [before];
  const create = () => space.createEntrance(block, input);
  if (create() === undefined) return [];
  const stem = spaceLayer('stem', input, create as () => Network);
  known?.set(key, stem);
  return [stem];
}

function cellLayers(context: BlockContext, cell: number): { layers: SpaceLayer[]; output: FeatureShape } {
  const { space, block } = context;
  const entrance = entranceOf(context)[0];
  let input = entrance ? shapeOf(entrance) : context.input;
  const layers = space.blocks[block]!.cells[cell]!.layers.flatMap((operations, layer) => {
    const at = { block, cell, layer };
    const all = operations.map((_, operation) => operationAt(context, { at, operation, input }));
    input = shapeOf(all[0]!);
    return all;
  });
  return { layers, output: input };
}

interface PlacedOperation {
  readonly at: LayerPosition;
  readonly operation: number;
  readonly input: FeatureShape;
}

function operationAt({ space, known }: BlockContext, placed: PlacedOperation): SpaceLayer {
  const { at, operation, input } = placed;
  const key = [at.block, at.cell, at.layer, operation, ...tableShape(input)].join();
  const layer = known?.get(key) ?? makeOperation(space, placed);
  known?.set(key, layer);
  return layer;
}

function makeOperation(space: SearchSpace, { at, operation, input }: PlacedOperation): SpaceLayer {
  const block = space.blocks[at.block]!;
  const name = block.cells[at.cell]!.layers[at.layer]![operation]!;
  const outputChannels = layerChannels(block, at);
  const create = () =>
    space.createOperation(at, operation, { inputChannels: input.channels, outputChannels });
  return spaceLayer(name, input, create);
}

function spaceLayer(layer: string, input: FeatureShape, create: () => Network): SpaceLayer {
  const { output, macs, params } = create().cost(input);
  return { layer, input: tableShape(input), output: tableShape(output), macs, params, create };
}

/** What follows the last block, for each shape that it can be given. */
function headsOf(counted: CountedSpace, inputs: readonly FeatureShape[]): SpaceLayer[] {
  return inputs.map((input) => {
    const create = () => new NetworkHead(networkEndingIn(counted, input), counted.data.image);
    return { ...headRow(counted, input), create };
  });
}

/** What the layer behind the last block is called in a table. */
export function headRow({ space, data }: CountedSpace, input: FeatureShape): Omit<SpaceLayer, 'create'> {
  const { macs = 0, params = 0 } = space.priceHead(input, data.classes);
  const output = [1, 1, data.classes] as const;
  return { layer: 'head', input: tableShape(input), output, macs, params };
}

/** A network whose last cell puts out what the head is to be given. */
function networkEndingIn({ space, data }: CountedSpace, { channels }: FeatureShape): StagedNetwork {
  const architecture = space.blocks.map((block, index) => {
    const isLast = index === space.blocks.length - 1;
    const cell = isLast ? block.cells.findIndex((_, at) => cellOutput(block, at) === channels) : 0;
    return { cell, path: block.cells[cell]!.layers.map(() => 0) };
  });
  return space.createNetwork(architecture, data) as StagedNetwork;
}
