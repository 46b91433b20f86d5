import { DnaError, nearest } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

/** The space is smaller than the truth that is asked of it. */
export function tooFewNetworks(asked: number, found: number, space: string): DnaError {
  return new DnaError(
    'TRUTH_NETWORKS',
    `${asked} networks are asked for, and ${found} different ones were drawn from the space ${space}.`,
    `Say --networks ${found}, or fewer.`,
    USAGE,
  );
}

/** Hardly a network of the space costs what is asked for. */
export function tooFewNearby({
  asked,
  found,
  limits,
  within,
}: {
  readonly asked: number;
  readonly found: number;
  readonly limits: Readonly<Record<string, number>>;
  readonly within: number;
}): DnaError {
  const bounds = Object.entries(limits).map(
    ([name, limit]) => `${name} from ${Math.round((1 - within) * limit)} to ${limit}`,
  );
  return new DnaError(
    'TRUTH_NETWORKS',
    `${asked} networks near the limit are asked for (${bounds.join(', ')}), and ${found} were drawn.`,
    'Widen --within, lower --near-share, or name another limit; `dna plan` shows what the space costs.',
    USAGE,
  );
}

export function unknownCost(name: string, costs: readonly string[]): DnaError {
  const close = nearest(name, costs);
  return new DnaError(
    'TRUTH_NETWORKS',
    `The space has no cost ${JSON.stringify(name)} that networks could be near to; its costs are ${costs.join(', ')}.`,
    close ? `Did you mean ${close}?` : `Name one of them: --near ${costs[0]}=1000000.`,
    USAGE,
  );
}

/** Near what? */
export function noLimits(): DnaError {
  return new DnaError(
    'TRUTH_NETWORKS',
    'Networks near the limits are asked for, and the search of this configuration has none.',
    'Name one: --near macs=300000000.',
    USAGE,
  );
}
