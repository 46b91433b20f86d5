import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFiles, writeAtomically } from 'dna-nas/files';
import type { LatencyTable, LayerRow, NetworkRow } from '../table/latency-table.js';
import type { EmptyTable } from './empty-table.js';
import { modelOf } from './measured-part.js';

/** Writes a model for each row of a table into a folder; answers the table with their files. */
export async function layOutModels({ table, parts }: EmptyTable, folder: string): Promise<LatencyTable> {
  mkdirSync(folder, { recursive: true });
  for (const [at, part] of parts.entries())
    writeAtomically(nodeFiles, join(folder, fileName(at)), Buffer.from(await modelOf(part)));
  const named = <Row extends LayerRow | NetworkRow>(rows: readonly Row[], first: number) =>
    rows.map((row, at) => ({ ...row, file: fileName(first + at) }));
  const { layers, networks } = table;
  return { ...table, layers: named(layers, 0), networks: named(networks, layers.length) };
}

const fileName = (at: number) => `part-${String(at + 1).padStart(4, '0')}.onnx`;
