import { relative, resolve } from 'node:path';
import { counted, wrongUsage } from 'dna-nas/errors';
import { isFolder } from 'dna-nas/files';
import {
  describeLatency,
  exportLatency,
  type Latencies,
  type LatencyTable,
  latenciesOf,
  measureLatency,
  openSpace,
  readFinishedTable,
} from 'dna-nas/latency';
import { latencyText } from './latency-text.js';
import { printable } from './printable.js';
import { printJson } from './table.js';
import { readWholeNumber } from './whole-number.js';

interface SpaceOptions {
  readonly set?: readonly string[];
}

export interface LatencyMeasureOptions extends SpaceOptions {
  readonly runtime: string;
  readonly threads: string;
  readonly batch: string;
  readonly rounds: string;
  readonly networks: string;
  readonly backend?: string;
  readonly output: string;
}

/** `dna latency measure`: a table of what every layer of a space takes on this machine. */
export async function latencyMeasureCommand(source: string, options: LatencyMeasureOptions): Promise<void> {
  const { output, set = [], backend } = options;
  const runtime = readRuntime(options);
  if (isFolder(resolve(output)))
    throw wrongUsage(
      `--output ${output} is a folder; a file is expected.`,
      `Say --output ${output}/latency.json.`,
    );
  const table = await measureLatency({
    ...{ source, config: { set }, runtime, backend, output },
    threads: readWholeNumber('--threads', options.threads, { least: 1, most: 1024, example: 1 }),
    batch: readWholeNumber('--batch', options.batch, { least: 1, most: 4096, example: 1 }),
    rounds: readWholeNumber('--rounds', options.rounds, { least: 1, most: 1000, example: 12 }),
    networks: readNetworks(options.networks),
    progress: progressTeller(),
  });
  await show(table, { source, set, file: output });
}

function readRuntime({ runtime, threads, backend }: LatencyMeasureOptions): 'onnxruntime' | 'backend' {
  if (runtime === 'backend') {
    if (threads === '1') return runtime;
    throw wrongUsage(
      `--threads ${threads} was given with --runtime backend, which has the threads of its backend.`,
      'Leave it out, or say --runtime onnxruntime.',
    );
  }
  if (runtime !== 'onnxruntime')
    throw wrongUsage(
      `--runtime is ${JSON.stringify(runtime)}; onnxruntime or backend is expected.`,
      'Say --runtime onnxruntime.',
    );
  if (backend === undefined) return runtime;
  throw wrongUsage('--backend was given without --runtime backend.', 'Say --runtime backend as well.');
}

const readNetworks = (text: string) =>
  readWholeNumber('--networks', text, { least: 0, most: 1000, example: 30 });

/** Milliseconds between two lines of progress. */
const PACE = 10_000;

function progressTeller(): (done: number, all: number) => void {
  let first: { readonly done: number; readonly time: number } | undefined;
  let told = 0;
  return (done, all) => {
    const now = performance.now();
    if (!first) {
      first = { done, time: now };
      told = now;
    }
    if (now - told < PACE || done === first.done) return;
    told = now;
    const left = Math.ceil((((now - first.time) / (done - first.done)) * (all - done)) / 60_000);
    process.stderr.write(`${done} of ${all} samples, ${counted(left, 'minute')} left\n`);
  };
}

export interface LatencyExportOptions extends SpaceOptions {
  readonly networks: string;
  readonly output: string;
}

/** `dna latency export`: what another machine needs to measure a space. */
export async function latencyExportCommand(source: string, options: LatencyExportOptions): Promise<void> {
  const { output, set = [] } = options;
  const networks = readNetworks(options.networks);
  const written = await exportLatency({ source, config: { set }, networks, output });
  const lines = [
    `Written to ${relative('', resolve(output))}: ${written.layers} layers and ${written.networks} whole networks.`,
    'There, with Python, onnxruntime and numpy:\n  python3 measure.py --output measured.json',
    `Back here:\n  dna search RUN --latency measured.json --max latency=5ms`,
  ];
  process.stdout.write(`${printable(lines.join('\n'))}\n`);
}

export interface LatencyShowOptions extends SpaceOptions {
  readonly json: boolean;
}

/** `dna latency show`: what a table is worth. */
export async function latencyShowCommand(
  file: string,
  source: string,
  { set = [], json }: LatencyShowOptions,
): Promise<void> {
  const table = readFinishedTable(resolve(file));
  if (!json) return show(table, { source, set, file });
  printJson(describeLatency(table, await latencies(table, { source, set, file })));
}

interface LatencyTableRequest {
  readonly source: string;
  readonly set: readonly string[];
  readonly file: string;
}

async function latencies(
  table: LatencyTable,
  { source, set, file }: LatencyTableRequest,
): Promise<Latencies> {
  return latenciesOf(table, await openSpace(source, { set }), file);
}

async function show(table: LatencyTable, request: LatencyTableRequest): Promise<void> {
  const text = latencyText(table, await latencies(table, request), request.file);
  process.stdout.write(`${printable(text)}\n`);
}
