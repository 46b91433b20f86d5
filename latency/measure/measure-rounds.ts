import { randomStream } from 'dna-nas/core';
import type { MeasuredPart } from '../files/measured-part.js';
import type { LatencyTable, LayerRow, NetworkRow } from '../table/latency-table.js';
import { sampleOf } from './stopwatch.js';
import type { Timer } from './timers.js';

export interface Rounds {
  readonly timer: Timer;
  /** Of the table's rows: layers, then networks. */
  readonly parts: readonly MeasuredPart[];
  /** Told after each sample. */
  progress(table: LatencyTable): void;
}

/**
 * Takes the samples that a table lacks, a round after the other: all parts once in a drawn order, so that what the
 * machine does meanwhile falls on all of them.
 */
export async function measureRounds(
  table: LatencyTable,
  { timer, parts, progress }: Rounds,
): Promise<LatencyTable> {
  const samples = [...table.layers, ...table.networks].map((row) => [...row.samples]);
  const current = () => withSamples(table, samples);
  for (let round = 0; round < table.rounds; round++) {
    for (const at of randomStream('latency').fork('order', round).permutation(parts.length)) {
      if (samples[at]!.length > round) continue;
      samples[at]!.push(await measurePart(timer, parts[at]!, fileOf(table, at)));
      progress(current());
    }
  }
  return current();
}

const fileOf = ({ layers, networks }: LatencyTable, at: number) => [...layers, ...networks][at]!.file ?? '';

/** Four significant digits are more than a clock tells. */
const DIGITS = 4;

async function measurePart(timer: Timer, part: MeasuredPart, file: string): Promise<number> {
  const timed = await timer.prepare(part, file);
  try {
    return Number((await sampleOf(timed)).toPrecision(DIGITS));
  } finally {
    await timed.release();
  }
}

function withSamples(table: LatencyTable, samples: readonly number[][]): LatencyTable {
  const taken = <Row extends LayerRow | NetworkRow>(rows: readonly Row[], first: number) =>
    rows.map((row, at) => ({ ...row, samples: [...samples[first + at]!] }));
  const { layers, networks } = table;
  return { ...table, layers: taken(layers, 0), networks: taken(networks, layers.length) };
}
