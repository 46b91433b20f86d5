import type { LayerPosition, SpaceBlock } from 'dna-nas/core/contracts';
import { DnaError } from 'dna-nas/errors';
import type { LayeredBlock } from './layered-space.js';

/** The part of a layered space's options that its table is made of. */
export interface TableOptions {
  readonly name: string;
  readonly blocks: readonly LayeredBlock[];
  readonly operations: readonly string[] | ((at: LayerPosition) => readonly string[]);
}

/**
 * The table of a layered space in the contract's form. Throws a `DnaError` where it is malformed, or where two cells
 * or operations could not be told apart in text.
 */
export function tabulate(options: TableOptions, stemStride: number): SpaceBlock[] {
  if (options.blocks.length === 0) throw badTable(options.name, 'it has no blocks');
  return options.blocks.map(({ stride, cells, output }, block) => {
    requireCells(options.name, block, { cells, output });
    const made = cells.map(({ layers, channels }, cell) => ({
      channels,
      layers: Array.from({ length: layers }, (_, layer) => operationsAt(options, { block, cell, layer })),
    }));
    const ends = output === undefined ? {} : { output };
    return { stride: block === 0 ? stemStride * stride : stride, cells: made, ...ends };
  });
}

function operationsAt(options: TableOptions, at: LayerPosition): readonly string[] {
  const names = typeof options.operations === 'function' ? options.operations(at) : options.operations;
  const where = `layer ${at.layer + 1} of block ${at.block + 1}`;
  if (names.length === 0) throw badTable(options.name, `${where} has no operations`);
  const wrong = names.find((name, index) => !/^[^\s:|]+$/.test(name) || names.indexOf(name) !== index);
  if (wrong === undefined) return names;
  throw badTable(options.name, `"${wrong}" of ${where} stands twice or holds a space, a colon or a bar`);
}

function requireCells(
  name: string,
  block: number,
  { cells, output }: Pick<LayeredBlock, 'cells' | 'output'>,
): void {
  // A cell's own channels are those of its layers before the last one.
  const sizes = cells.map(({ layers, channels }) => `${layers}×${(layers === 1 && output) || channels}`);
  const where = `block ${block + 1}`;
  if (sizes.length === 0) throw badTable(name, `${where} has no cells`);
  if (new Set(sizes).size < sizes.length) {
    throw badTable(name, `${where} has the same cell twice (${sizes.join(', ')})`);
  }
  if (cells.some((cell) => !isCount(cell.layers) || !isCount(cell.channels))) {
    throw badTable(
      name,
      `${where} has cells of ${sizes.join(', ')}; layers and channels are whole numbers from 1`,
    );
  }
  if (output !== undefined && !isCount(output))
    throw badTable(name, `${where} puts out ${output} channels; a whole number from 1 is expected`);
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function badTable(name: string, what: string): DnaError {
  return new DnaError(
    'SPACE_TABLE',
    `The space "${name}" cannot be built: ${what}.`,
    'Change its table of blocks.',
    { exitCode: 2 },
  );
}
