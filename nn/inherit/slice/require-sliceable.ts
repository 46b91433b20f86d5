import type { Block, Network } from 'dna-nas/core/contracts';
import { cellOutput } from '../../space/layer-channels.js';
import { kindOf } from '../assemble-network.js';
import { headNotSliceable, layersNotSliceable } from '../errors.js';
import { type HeritageWorld, headsOf } from '../require-heritage.js';
import { isSliceable } from './sliced-chain.js';

/**
 * Checks before any training that the space's layers can be cut where networks have other channels than the supernet,
 * and that the teacher ends as they do.
 * @throws DnaError `INHERITED_WEIGHTS` with the operations that cannot be cut, or with the head
 */
export function requireSliceable(world: HeritageWorld): void {
  const names = world.blocks.flatMap((block) => changedLayers(world, block));
  if (names.length > 0) throw layersNotSliceable([...new Set(names)]);
  requireHead(world);
}

/** The operations at the ends of a block that differ from the supernet's and are of no kind that can be cut. */
function changedLayers(world: HeritageWorld, block: Block): string[] {
  const { cells } = world.space.blocks[block.index]!;
  const before = world.blocks[block.index - 1];
  return cells.flatMap(({ layers }, cell) => {
    const changed = [
      ...(before && differs(world, before) ? [0] : []),
      ...(cellOutput(world.space.blocks[block.index]!, cell) === block.output.channels
        ? []
        : [layers.length - 1]),
    ];
    return changed.flatMap((layer) =>
      layers[layer]!.filter((_, operation) => !isSliceable(create(world, { block, cell, layer }, operation))),
    );
  });
}

/** Whether some cell of a block puts out other channels than the teacher. */
function differs({ space }: HeritageWorld, { index, output }: Block): boolean {
  return space.blocks[index]!.cells.some(
    (_, cell) => cellOutput(space.blocks[index]!, cell) !== output.channels,
  );
}

function create(
  { space }: HeritageWorld,
  { block, cell, layer }: { readonly block: Block; readonly cell: number; readonly layer: number },
  operation: number,
): Network {
  const { channels } = space.blocks[block.index]!.cells[cell]!;
  const io = { inputChannels: channels, outputChannels: channels };
  return space.createOperation({ block: block.index, cell, layer }, operation, io);
}

function requireHead(world: HeritageWorld): void {
  const first = world.space.blocks.map(({ cells }) => ({ cell: 0, path: cells[0]!.layers.map(() => 0) }));
  const heads = headsOf(first, world);
  if (!heads) return;
  const [own, trained] = [heads.own, heads.trained].map((head) => head.map(([name]) => kindOf(name, 2)));
  if (own!.join() !== HEAD.join() || trained!.join() !== HEAD.join()) throw headNotSliceable(own!, trained!);
  const { classes } = world.data;
  const known = heads.trained.at(-1)![1].shape.at(-1)!;
  if (known !== classes) throw headNotSliceable([`${classes} classes`], [`${known} classes`]);
}

/** What a `ClassifierHead` has. */
const HEAD = [
  'conv_head.weight',
  ...['weight', 'bias', 'running_mean', 'running_var'].map((name) => `bn2.${name}`),
  ...['classifier.weight', 'classifier.bias'],
];
