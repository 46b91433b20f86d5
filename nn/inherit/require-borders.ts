import type { Architecture, Block, SearchSpace } from 'dna-nas/core/contracts';
import { bordersDiffer } from './errors.js';

/**
 * A cell was trained between features of the teacher. In the network it stands between cells; its weights fit there if
 * these have the teacher's channels.
 * @throws DnaError `INHERITED_WEIGHTS` with all blocks where they differ.
 */
export function requireBorders(
  architecture: Architecture,
  { space, blocks }: { readonly space: SearchSpace; readonly blocks: readonly Block[] },
): void {
  const different = blocks.flatMap(({ index, name, output }) => {
    const { channels } = space.blocks[index]!.cells[architecture[index]!.cell]!;
    return channels === output.channels
      ? []
      : [`${name} puts out ${channels} channels and was trained to put out the teacher's ${output.channels}`];
  });
  if (different.length > 0) throw bordersDiffer(different);
}
