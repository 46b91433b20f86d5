import type { FeatureShape } from 'dna-nas/core/contracts';

/** What the first entry of every table is; another number where the format changes. */
export const FORMAT = 'dna-latency/1';

/** Height, width, channels. */
export type TableShape = readonly [height: number, width: number, channels: number];

/** A layer on one shape of input, whatever place it has in a network. */
export interface LayerRow {
  /** The operation's name in its space; `stem` before the first layer, `head` behind the last, `call` for nothing. */
  readonly layer: string;
  readonly input: TableShape;
  readonly output: TableShape;
  readonly macs: number;
  readonly params: number;
  /** Its model, where the table lies beside exported ones. */
  readonly file?: string;
  /** Milliseconds, one a round. */
  readonly samples: readonly number[];
}

/** A whole network. */
export interface NetworkRow {
  readonly architecture: string;
  readonly file?: string;
  readonly samples: readonly number[];
}

/** What was measured where. */
export interface LatencyTable {
  readonly format: typeof FORMAT;
  readonly space: string;
  readonly image: TableShape;
  readonly classes: number;
  /** What computed: `onnxruntime-node 1.30.0`. Empty before anything was measured. */
  readonly runtime: string;
  /** For people: processor and system. */
  readonly machine: string;
  readonly threads: number;
  /** Images that a sample is the time of, all of them together. */
  readonly batch: number;
  /** Samples that each row is to have. */
  readonly rounds: number;
  readonly layers: readonly LayerRow[];
  /** Whole networks: the line is fitted on the first ten, and judged on the others. */
  readonly networks: readonly NetworkRow[];
}

export function tableShape({ height, width, channels }: FeatureShape): TableShape {
  return [height, width, channels];
}

export function featureShape([height, width, channels]: TableShape): FeatureShape {
  return { height, width, channels };
}

/** Two layers of one key are the same computation. */
export function layerKey({ layer, input, output, macs, params }: Omit<LayerRow, 'samples'>): string {
  return `${layer} ${input.join('×')} → ${output.join('×')}, ${macs} multiply-adds, ${params} parameters`;
}

/** Samples that are still to be taken. */
export function missingSamples({ layers, networks, rounds }: LatencyTable): number {
  const missing = (row: LayerRow | NetworkRow) => Math.max(0, rounds - row.samples.length);
  return [...layers, ...networks].reduce((sum, row) => sum + missing(row), 0);
}
