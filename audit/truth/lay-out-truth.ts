import { resolve } from 'node:path';
import { type ConfigRequest, resolveConfig } from 'dna-nas/configuration';
import type { ResolvedConfig } from 'dna-nas/core/config';
import { applyPlugins } from 'dna-nas/core/plugin';
import { requestFrom } from 'dna-nas/run-tools';
import { drawNetworks, type Nearness } from './draw-networks.js';
import { noLimits } from './errors.js';
import type { DrawnNetwork } from './pool.js';

export interface TruthRequest extends ConfigRequest {
  /** A preset, or the folder of a run, instead of what the request says otherwise. */
  readonly source?: string;
  readonly networks: number;
  /** Trainings of each network. */
  readonly seeds: number;
  /** Draw some of the networks near limits; without `limits` near those of the configuration's own search. */
  readonly near?: Omit<Nearness, 'limits'> & Partial<Pick<Nearness, 'limits'>>;
}

/** Networks that were drawn, and the run that trains them. */
export interface TruthLayout {
  readonly networks: readonly DrawnNetwork[];
  /** For `run`: it trains each network by the configuration's retraining. */
  readonly request: ConfigRequest;
}

/** Before what is set by hand, so that it can still be chosen. */
const REPORTS = 'reports=[console, json, truth]';

/**
 * Draws the networks of a ground truth. Nothing is trained and nothing written.
 * @throws DnaError what reading a configuration throws, and `TRUTH_NETWORKS`.
 */
export async function layOutTruth({
  source,
  networks,
  seeds,
  near,
  ...given
}: TruthRequest): Promise<TruthLayout> {
  const asked = source === undefined ? given : requestFrom(source, given);
  const config = await resolveConfig(asked);
  const run = await applyPlugins(config, { project: resolve(asked.project ?? process.cwd()), main: false });
  const space = await run.resolve('resolveSpace', 'space');
  const data = await run.resolve('resolveData', 'data');
  const dataset = await data.open();
  try {
    const drawn = drawNetworks({
      space,
      data: dataset.description,
      seed: config.seed,
      networks,
      ...(near && near.networks > 0 && { near: { ...near, limits: near.limits ?? limitsOf(config) } }),
    });
    const request = {
      ...asked,
      architectures: drawn.map(({ text }) => text),
      trainings: seeds,
      set: [REPORTS, ...(asked.set ?? [])],
    };
    return { networks: drawn, request };
  } finally {
    await dataset.close();
  }
}

/** @throws DnaError where the search of a configuration has no limits. */
function limitsOf({ values }: ResolvedConfig): Readonly<Record<string, number>> {
  const { limits = {} } = (values.search ?? {}) as { limits?: Record<string, number> };
  if (Object.keys(limits).length === 0) throw noLimits();
  return limits;
}
