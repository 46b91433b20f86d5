import type { LayerPosition, SpaceBlock } from 'dna-nas/core/contracts';

/** What a layer puts out in a network of its own: the cell's channels, or, at the block's end, what is set there. */
export function layerChannels(
  { cells, output }: SpaceBlock,
  { cell, layer }: Pick<LayerPosition, 'cell' | 'layer'>,
): number {
  const { layers, channels } = cells[cell]!;
  return layer === layers.length - 1 ? (output ?? channels) : channels;
}

/** What a cell puts out in a network of its own. */
export function cellOutput(block: SpaceBlock, cell: number): number {
  return block.output ?? block.cells[cell]!.channels;
}
