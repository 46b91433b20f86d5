import type { Architecture, Block, StagedNetwork } from 'dna-nas/core/contracts';
import type { World } from 'dna-nas/core/stages';
import { cellOutput } from '../space/layer-channels.js';
import { firstDifference, tensorsBehind } from './assemble-network.js';
import { bordersDiffer, headDiffers } from './errors.js';

/** What tells whether weights fit, without any tensor. */
export type HeritageWorld = Pick<World, 'space' | 'blocks' | 'data' | 'teacherDescription'>;

/**
 * A cell was trained between features of the teacher. In the network it stands between cells; its weights fit there if
 * these have the teacher's channels, and the network ends as the teacher does.
 * @throws DnaError `INHERITED_WEIGHTS` with all blocks that differ, or with the head's first tensor that does.
 */
export function requireFit(architecture: Architecture, world: HeritageWorld): void {
  const { space, blocks } = world;
  const different = blocks.flatMap((block) => {
    const channels = cellOutput(space.blocks[block.index]!, architecture[block.index]!.cell);
    return channels === block.output.channels ? [] : [difference(block, [channels])];
  });
  if (different.length > 0) throw bordersDiffer(different);
  requireHead(architecture, world);
}

/**
 * Checks before any training that some network of the space can have the weights of its cells and of the teacher.
 * @throws DnaError `INHERITED_WEIGHTS` with the blocks that have no cell of the teacher's channels, or with the head.
 */
export function requireHeritage(world: HeritageWorld): void {
  const { space, blocks } = world;
  const cells = blocks.map(({ index, output }) =>
    space.blocks[index]!.cells.findIndex(
      (_, cell) => cellOutput(space.blocks[index]!, cell) === output.channels,
    ),
  );
  const different = blocks.filter((_, index) => cells[index]! < 0);
  if (different.length > 0) {
    const channelsOf = ({ index }: Block) => space.blocks[index]!.cells.map(({ channels }) => channels);
    throw bordersDiffer(different.map((block) => difference(block, channelsOf(block))));
  }
  const first = cells.map((cell, index) => ({
    cell,
    path: space.blocks[index]!.cells[cell]!.layers.map(() => 0),
  }));
  requireHead(first, world);
}

function difference({ name, output }: Block, channels: readonly number[]): string {
  const own = [...new Set(channels)].join(' or ');
  return `${name} puts out ${own} channels and was trained to put out the teacher's ${output.channels}`;
}

function requireHead(architecture: Architecture, world: HeritageWorld): void {
  const heads = headsOf(architecture, world);
  const found = heads && firstDifference(heads.trained, heads.own, 'the head of the teacher');
  if (found) throw headDiffers(found);
}

/** Tensors with their shapes, in order. */
type Shapes = readonly (readonly [name: string, tensor: { readonly shape: readonly number[] }])[];

/** What follows the last block of a network, and of the teacher; nothing where this one tells it only when it is there. */
export function headsOf(
  architecture: Architecture,
  { space, blocks, data: { image, classes }, teacherDescription }: HeritageWorld,
): { readonly own: Shapes; readonly trained: Shapes } | undefined {
  const { shapesBehind } = teacherDescription.stages[blocks.at(-1)!.outputStage]!;
  if (!shapesBehind) return undefined;
  const network = space.createNetwork(architecture, { image, classes }) as StagedNetwork;
  const trained = Object.entries(shapesBehind).map(([name, shape]) => [name, { shape }] as const);
  return { own: [...tensorsBehind(network, image)], trained };
}
