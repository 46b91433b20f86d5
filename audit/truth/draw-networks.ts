import type { DataDescription, SearchSpace } from 'dna-nas/core/contracts';
import { tooFewNearby, tooFewNetworks, unknownCost } from './errors.js';
import { type DrawnNetwork, NetworkPool } from './pool.js';

/** Networks whose costs come near to limits, from below: those that a search under the limits has to tell apart. */
export interface Nearness {
  /** Cost → limit: `{ macs: 2e6 }`. */
  readonly limits: Readonly<Record<string, number>>;
  /** Share of a limit that a cost may lie below it. */
  readonly within: number;
  /** Networks of this kind among those that are drawn. */
  readonly networks: number;
}

export interface DrawRequest {
  readonly space: SearchSpace;
  readonly data: Pick<DataDescription, 'image' | 'classes'>;
  readonly seed: number;
  /** In all, those near limits included. */
  readonly networks: number;
  readonly near?: Nearness;
}

/** Draws that strata are filled from. */
const POOL = 20_000;
/** Draws after which too few networks near the limits are an error. */
const MOST_DRAWS = 500_000;
const STRATA = 10;

/**
 * Draws distinct networks of a space: strata of equal width between the cheapest and the dearest of 20,000 draws by
 * multiply-adds give equally many, or as many as they have, so that all costs are seen; then those near limits. The
 * same seed draws the same networks.
 *
 * @throws DnaError `TRUTH_NETWORKS` where the space has too few.
 */
export function drawNetworks({ space, data, seed, networks, near }: DrawRequest): DrawnNetwork[] {
  const pool = new NetworkPool(space, data, seed);
  const drawn: DrawnNetwork[] = [];
  /** False where there was nothing left to draw. */
  const drawMore = (): boolean => {
    if (pool.exhausted) return false;
    for (let draw = 0; draw < POOL && !pool.exhausted; draw++) {
      const network = pool.draw();
      if (network) drawn.push(network);
    }
    return true;
  };
  drawMore();
  const nearby = near ? drawNear(near, drawn, drawMore) : [];
  const chosen = new Set(nearby);
  const others = drawn.slice(0, POOL).filter((network) => !chosen.has(network));
  const spread = drawStrata(others, networks - nearby.length);
  if (spread.length + nearby.length < networks) throw tooFewNetworks(networks, drawn.length, space.name);
  return [...spread, ...nearby];
}

function drawNear(
  { limits, within, networks }: Nearness,
  drawn: readonly DrawnNetwork[],
  drawMore: () => boolean,
): DrawnNetwork[] {
  const costs = Object.keys(drawn[0]?.costs ?? {});
  for (const name of Object.keys(limits)) if (!costs.includes(name)) throw unknownCost(name, costs);
  const isNear = ({ costs }: DrawnNetwork) =>
    Object.entries(limits).every(([name, limit]) => {
      const cost = costs[name]!;
      return cost <= limit && cost >= (1 - within) * limit;
    });
  for (let draws = POOL; ; draws += POOL) {
    const found = drawn.filter(isNear).slice(0, networks);
    if (found.length === networks) return found;
    if (draws >= MOST_DRAWS || !drawMore())
      throw tooFewNearby({ asked: networks, found: found.length, limits, within });
  }
}

/** In turn from each stratum, in the order of the draws, until there are enough or none is left. */
function drawStrata(networks: readonly DrawnNetwork[], count: number): DrawnNetwork[] {
  const macs = networks.map(({ costs }) => costs.macs!);
  const least = macs.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const width = (macs.reduce((a, b) => Math.max(a, b), 0) - least) / STRATA || 1;
  const strata = Array.from({ length: STRATA }, (): DrawnNetwork[] => []);
  networks.forEach((network, index) => {
    strata[Math.min(STRATA - 1, Math.floor((macs[index]! - least) / width))]!.push(network);
  });
  const taken: DrawnNetwork[] = [];
  for (let turn = 0; taken.length < count && strata.some((stratum) => turn < stratum.length); turn++) {
    for (const stratum of strata)
      if (turn < stratum.length && taken.length < count) taken.push(stratum[turn]!);
  }
  return taken;
}
