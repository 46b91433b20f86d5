import { randomStream } from 'dna-nas/core';
import type { Network } from 'dna-nas/core/contracts';
import { networkToOnnx } from 'dna-nas/export';
import { featureShape, type TableShape } from '../table/latency-table.js';

/** What is measured: a layer, or a whole network. */
export interface MeasuredPart {
  readonly input: TableShape;
  /** Makes it without weights. */
  create(): Network;
}

/** It with drawn weights, on the current backend: time does not depend on them. */
export function withWeights({ create }: MeasuredPart): Network {
  return create().initialise(randomStream('latency'));
}

/** Its model. */
export function modelOf(part: MeasuredPart): Promise<Uint8Array> {
  return networkToOnnx(() => withWeights(part), { image: featureShape(part.input), part: true });
}
