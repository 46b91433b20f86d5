import type { Architecture, CellChoice, SpaceBlock } from 'dna-nas/core/contracts';
import { counted, DnaError } from 'dna-nas/errors';

function outside(what: string): DnaError {
  return new DnaError(
    'ARCHITECTURE_OUTSIDE_SPACE',
    `This architecture is not in the space: ${what}.`,
    'Give one cell of every block and one operation for each of its layers, counted from 0.',
  );
}

/** Throws a `DnaError` unless `choice` names a cell of the block and one operation for each of its layers. */
export function requireChoice(blocks: readonly SpaceBlock[], block: number, choice: CellChoice): void {
  const cells = blocks[block]?.cells;
  if (!cells) throw outside(`it has a block ${block + 1}, the space has ${blocks.length}`);
  const where = `block ${block + 1}`;
  const cell = cells[choice.cell];
  if (!cell) throw outside(`${where} takes cell ${choice.cell} of ${cells.length}`);
  if (choice.path.length !== cell.layers.length) {
    throw outside(
      `${where} has ${counted(choice.path.length, 'layer')} where its cell has ${cell.layers.length}`,
    );
  }
  for (const [layer, operation] of choice.path.entries()) {
    const known = cell.layers[layer]!;
    if (known[operation] === undefined) {
      throw outside(`${where}, layer ${layer + 1} takes operation ${operation} of ${known.length}`);
    }
  }
}

/** Throws a `DnaError` that says where an architecture leaves the space. */
export function requireArchitecture(blocks: readonly SpaceBlock[], architecture: Architecture): void {
  if (architecture.length !== blocks.length) {
    throw outside(`it has ${counted(architecture.length, 'block')}, the space has ${blocks.length}`);
  }
  for (const [block, choice] of architecture.entries()) requireChoice(blocks, block, choice);
}
