import { join, resolve } from 'node:path';
import type { ConfigRequest } from 'dna-nas/configuration';
import { nodeFiles, writeAtomically } from 'dna-nas/files';
import { tableText } from '../measure/measure-latency.js';
import { openSpace } from '../space/open-space.js';
import { emptyTable } from './empty-table.js';
import { layOutModels } from './lay-out-models.js';
import { MEASURE_PROGRAM } from './measure-program.js';

export interface ExportLatencyRequest {
  /** A preset, or the folder of a run. */
  readonly source: string;
  readonly config?: ConfigRequest;
  /** Whole networks beside the layers. */
  readonly networks: number;
  /** Folder to write. */
  readonly output: string;
}

export interface ExportedLatency {
  readonly layers: number;
  readonly networks: number;
}

/**
 * Writes what another machine needs to measure a space: a model for each layer and some whole networks, a table
 * without samples, `table.json`, and `measure.py`, which fills it by onnxruntime.
 */
export async function exportLatency(request: ExportLatencyRequest): Promise<ExportedLatency> {
  const folder = resolve(request.config?.project ?? process.cwd(), request.output);
  const counted = await openSpace(request.source, request.config);
  // The program sets what these are when it measures.
  const empty = emptyTable(counted, { threads: 1, batch: 1, rounds: 1, networks: request.networks });
  const table = await layOutModels(empty, folder);
  const write = (name: string, text: string) =>
    writeAtomically(nodeFiles, join(folder, name), Buffer.from(text));
  write('measure.py', MEASURE_PROGRAM);
  write('table.json', tableText(table));
  return { layers: table.layers.length, networks: table.networks.length };
}
