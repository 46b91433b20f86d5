import type { Architecture, SearchSpace } from 'dna-nas/core/contracts';
import { missingColumn, notOfTheSpace } from '../errors.js';
import { type Accuracies, readAccuracies } from './accuracies.js';
import { cellsOf } from './columns.js';
import { readTable, type Table } from './read-csv.js';

/** Networks of a space whose accuracies are known. */
export interface Truth {
  readonly table: Table;
  /** One a row. */
  readonly networks: readonly TruthNetwork[];
  readonly accuracies: Accuracies;
}

export interface TruthNetwork {
  /** In its canonical form. */
  readonly architecture: Architecture;
  readonly text: string;
}

/**
 * Reads a table of architectures, in the words of the space, with accuracies.
 * @throws DnaError `AUDIT_TRUTH`, and those of tables.
 */
export function readTruth(path: string, space: SearchSpace): Truth {
  const table = readTable(path);
  return { table, networks: readNetworks(table, space), accuracies: readAccuracies(table) };
}

function readNetworks(table: Table, space: SearchSpace): TruthNetwork[] {
  const texts = cellsOf(table, 'architecture');
  if (!texts) throw missingColumn(table.path, 'architecture', table.columns);
  return texts.map((text, row) => {
    const given = parse(text, space, { path: table.path, line: table.rows[row]!.line });
    const architecture = space.canonical?.(given) ?? given;
    return { architecture, text: space.formatArchitecture(architecture) };
  });
}

function parse(text: string, space: SearchSpace, at: { path: string; line: number }): Architecture {
  try {
    return space.parseArchitecture(text);
  } catch (error) {
    throw notOfTheSpace(error, { ...at, space: space.name });
  }
}
