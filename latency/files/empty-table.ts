import { drawNetworks } from 'dna-nas/audit';
import { networkCount, planNetwork } from 'dna-nas/core/space';
import type { CountedSpace } from 'dna-nas/core/stages';
import { listLayers, type SpaceLayer } from '../space/list-layers.js';
import { FORMAT, type LatencyTable, type TableShape, tableShape } from '../table/latency-table.js';
import type { MeasuredPart } from './measured-part.js';

/** Drawn by it. */
const SEED = 0;

export interface TableRequest extends Pick<LatencyTable, 'threads' | 'batch' | 'rounds'> {
  /** Whole networks to measure. */
  readonly networks: number;
}

/** A table without samples, and how to make what its rows are of: layers first, then networks. */
export interface EmptyTable {
  readonly table: LatencyTable;
  readonly parts: readonly MeasuredPart[];
}

/** Lists all layers of a space, and draws whole networks over its range of multiply-adds. */
export function emptyTable(counted: CountedSpace, request: TableRequest): EmptyTable {
  const { threads, batch, rounds } = request;
  const { space, data } = counted;
  const layers = listLayers(counted);
  const texts = drawTexts(counted, request.networks);
  return {
    table: {
      ...{ format: FORMAT, space: space.name, image: tableShape(data.image), classes: data.classes },
      ...{ runtime: '', machine: '', threads, batch, rounds },
      layers: layers.map(({ create: _, ...row }) => ({ ...row, samples: [] })),
      networks: texts.map((architecture) => ({ architecture, samples: [] })),
    },
    parts: [
      ...layers.map(partOfLayer),
      ...texts.map((text) => ({
        input: tableShape(data.image),
        create: () => planNetwork(space, text).create(data),
      })),
    ],
  };
}

function partOfLayer({ input, create }: SpaceLayer): MeasuredPart {
  return { input: input as TableShape, create };
}

/** The space itself draws the same ones; a small one has no more. */
function drawTexts({ space, data }: CountedSpace, networks: number): string[] {
  const count = Math.min(networks, networkCount(space.blocks));
  return drawNetworks({ space, data, seed: SEED, networks: count }).map(({ text }) => text);
}
