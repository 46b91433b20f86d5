import type { Architecture, CellChoice, SpaceBlock, SpaceCell } from 'dna-nas/core/contracts';
import { counted, DnaError, either } from 'dna-nas/errors';

/**
 * The text form of a layered space: blocks joined by ` | `, each its cell's channels and its operations by name:
 * `24: conv3 conv5 | 40: conv3 conv3 conv5`. The number of operations says which of two equally wide cells is meant.
 */
export function formatLayered(blocks: readonly SpaceBlock[], architecture: Architecture): string {
  const texts = architecture.map(({ cell, path }, block) => {
    const { channels, layers } = blocks[block]!.cells[cell]!;
    return `${channels}: ${path.map((operation, layer) => layers[layer]![operation]).join(' ')}`;
  });
  return texts.join(' | ');
}

/** The inverse of `formatLayered`; throws a `DnaError` that says where the text leaves the space. */
export function parseLayered(blocks: readonly SpaceBlock[], text: string): Architecture {
  const parts = text.split('|').map((part) => part.trim());
  if (parts.length !== blocks.length) {
    throw textError(
      text,
      `it has ${counted(parts.length, 'block')}, the space has ${blocks.length}`,
      'Separate blocks by " | ".',
    );
  }
  return parts.map((part, block) => parseBlock(part, { cells: blocks[block]!.cells, text, block }));
}

/** The error of a text that is no architecture of a space. */
export function textError(text: string, what: string, hint?: string): DnaError {
  return new DnaError('ARCHITECTURE_TEXT', `"${text}" is no architecture of this space: ${what}.`, hint);
}

function parseBlock(
  part: string,
  place: { cells: readonly SpaceCell[]; text: string; block: number },
): CellChoice {
  const { cells, text, block } = place;
  const where = `block ${block + 1}`;
  const match = /^(\d+):((?:\s+[^\s:]+)+)$/.exec(part);
  if (!match)
    throw textError(text, `${where} is "${part}"`, 'Write a block as "channels: operation operation …".');
  const names = match[2]!.trim().split(/\s+/);
  const cell = cells.findIndex(
    ({ channels, layers }) => channels === Number(match[1]) && layers.length === names.length,
  );
  if (cell < 0) {
    const known = cells.map(({ channels, layers }) => `${layers.length}×${channels}`);
    throw textError(
      text,
      `${where} is ${names.length}×${match[1]} (layers×channels), known are ${either(known)}`,
    );
  }
  const path = names.map((name, layer) => {
    const operations = cells[cell]!.layers[layer]!;
    const operation = operations.indexOf(name);
    if (operation >= 0) return operation;
    throw textError(text, `${where}, layer ${layer + 1} is "${name}", known are ${either(operations)}`);
  });
  return { cell, path };
}
