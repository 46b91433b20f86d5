import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { builtInBackend, type ConfigRequest } from 'dna-nas/configuration';
import { nodeFiles, writeAtomically } from 'dna-nas/files';
import { otherMeasurement } from '../errors.js';
import { type EmptyTable, emptyTable, type TableRequest } from '../files/empty-table.js';
import { layOutModels } from '../files/lay-out-models.js';
import { type OpenedSpace, openSpace } from '../space/open-space.js';
import { type LatencyTable, missingSamples } from '../table/latency-table.js';
import { readTable } from '../table/read-table.js';
import { thisMachine } from './machine.js';
import { measureRounds } from './measure-rounds.js';
import { backendTimer, onnxTimer, type Timer } from './timers.js';

export interface MeasureRequest extends TableRequest {
  /** A preset, or the folder of a run. */
  readonly source: string;
  readonly config?: ConfigRequest;
  readonly runtime: 'onnxruntime' | 'backend';
  /** A backend of the package by its short name. @default the configuration's own */
  readonly backend?: string | undefined;
  /** The table, which is gone on with where it is not finished. */
  readonly output: string;
  /** Told of samples that are taken, and of all. */
  progress?(done: number, all: number): void;
}

/**
 * Measures every layer of a space, and some whole networks, on this machine. The table is written on the way; the same
 * call goes on with it.
 *
 * @throws DnaError `LATENCY_OTHER` where the file holds another measurement; `PREDICT_RUNTIME` without onnxruntime.
 */
export async function measureLatency(request: MeasureRequest): Promise<LatencyTable> {
  const project = resolve(request.config?.project ?? process.cwd());
  const counted = await openSpace(request.source, request.config);
  const empty = emptyTable(counted, request);
  const folder = mkdtempSync(join(tmpdir(), 'dna-latency-'));
  try {
    const onOnnx = request.runtime === 'onnxruntime';
    const timer = onOnnx
      ? await onnxTimer({ ...request, project, folder })
      : await onBackend(counted, request);
    const begun = begin(empty, timer, resolve(project, request.output));
    if (missingSamples(begun) === 0) return begun;
    const models = onOnnx ? await layOutModels({ ...empty, table: begun }, folder) : begun;
    return await measured(models, {
      parts: empty.parts,
      timer,
      request,
      file: resolve(project, request.output),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onBackend({ run }: OpenedSpace, { backend, batch }: MeasureRequest): Promise<Timer> {
  const chosen =
    backend === undefined ? await run.resolve('resolveBackend', 'backend') : await builtInBackend(backend);
  return backendTimer((await chosen.start({ workers: 1 })).description, batch);
}

/** What a table is the measurement of. */
const IDENTITY = ['space', 'image', 'classes', 'runtime', 'machine', 'threads', 'batch'] as const;

/** The table of the file, if there is one, with as many rounds as are asked for. */
function begin({ table }: EmptyTable, timer: Timer, file: string): LatencyTable {
  const wanted = { ...table, runtime: timer.runtime, machine: thisMachine() };
  if (!existsSync(file)) return wanted;
  const found = readTable(file);
  for (const name of IDENTITY)
    if (!isDeepStrictEqual(found[name], wanted[name]))
      throw otherMeasurement(file, name, [found[name], wanted[name]]);
  const rows = ({ layers, networks }: LatencyTable) => [
    layers.map(({ samples: _, file: __, ...row }) => row),
    networks.map(({ architecture }) => architecture),
  ];
  if (!isDeepStrictEqual(rows(found), rows(wanted)))
    throw otherMeasurement(file, 'layers and networks', [counts(found), counts(wanted)]);
  return { ...found, rounds: wanted.rounds };
}

const counts = ({ layers, networks }: LatencyTable) => `${layers.length} and ${networks.length}`;

/** Between two writings, in milliseconds. */
const PACE = 5_000;

interface Work {
  readonly parts: EmptyTable['parts'];
  readonly timer: Timer;
  readonly request: MeasureRequest;
  readonly file: string;
}

async function measured(table: LatencyTable, { parts, timer, request, file }: Work): Promise<LatencyTable> {
  const all = parts.length * table.rounds;
  let written = performance.now();
  const progress = (now: LatencyTable) => {
    request.progress?.(all - missingSamples(now), all);
    if (performance.now() - written < PACE) return;
    write(file, now);
    written = performance.now();
  };
  const done = await measureRounds(table, { timer, parts, progress });
  return write(file, done);
}

/** The models are gone when the measuring ends, so their files are not told. */
function write(file: string, table: LatencyTable): LatencyTable {
  const plain = <Row extends { readonly file?: string }>(rows: readonly Row[]) =>
    rows.map(({ file: _, ...row }) => row);
  const kept = { ...table, layers: plain(table.layers), networks: plain(table.networks) } as LatencyTable;
  writeAtomically(nodeFiles, file, Buffer.from(tableText(kept)));
  return kept;
}

/** A row a line. */
export function tableText({ layers, networks, ...rest }: LatencyTable): string {
  const list = (rows: readonly unknown[]) =>
    `[\n${rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n')}\n  ]`;
  const head = Object.entries(rest).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
  );
  return `{\n${head.join('\n')}\n  "layers": ${list(layers)},\n  "networks": ${list(networks)}\n}\n`;
}
