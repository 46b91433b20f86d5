import type { ConfigRequest } from 'dna-nas/configuration';
import { wrongUsage } from 'dna-nas/errors';
import { isFolder } from 'dna-nas/files';
import { type NetworkOfRun, networkOfRun, requestFrom } from 'dna-nas/run-tools';
import { forked, orAbandon } from './fork.js';
import { type FirstWeights, findFirstWeights } from './retrain-from.js';
import { startRun } from './run.js';

export interface RetrainCommandOptions {
  readonly architecture?: string;
  readonly from?: string;
  readonly data?: string;
  readonly layOut?: boolean;
  readonly takeOver?: boolean;
  readonly fork?: boolean;
}

/**
 * `dna retrain`: trains one network in a run of its own, configured as `source` is: a preset, or the folder of a run. The
 * network is a name, a text of the space, or the folder of a run, whose network and configuration are taken unless
 * another configuration is named. With `from` it is the network of these weights, which its training starts from.
 */
export async function retrainCommand(
  given: ConfigRequest,
  source: string | undefined,
  { architecture, from, data, layOut = false, takeOver = false, fork }: RetrainCommandOptions,
): Promise<void> {
  const first = from === undefined ? undefined : findFirstWeights(from);
  const place = source ?? (isConfigured(given) ? undefined : first?.run);
  const request = place === undefined ? given : requestFrom(place, given);
  const named = architecture ?? first?.architecture;
  if (named === undefined) throw noNetwork(from);
  const asked = isFolder(named) ? ofRun(request, networkOfRun(named)) : { ...request, architecture: named };
  const settings = [...startSettings(first), ...dataSettings(data, first), ...(asked.set ?? [])];
  const whole = { ...asked, set: settings };
  const chosen = fork ? await forked(whole) : { request: whole };
  await orAbandon(chosen, (request) => startRun(request, { layOut, takeOver }));
}

function isConfigured({ preset, configFile, likeRun }: ConfigRequest): boolean {
  return [preset, configFile, likeRun].some((one) => one !== undefined);
}

function ofRun(request: ConfigRequest, { architecture, likeRun }: NetworkOfRun): ConfigRequest {
  return { ...request, architecture, ...(!isConfigured(request) && { likeRun }) };
}

function startSettings(first: FirstWeights | undefined): string[] {
  return first === undefined ? [] : [`retrain.from=${JSON.stringify(first.file)}`];
}

/** Images of a folder get the size that the weights were trained at. */
function dataSettings(data: string | undefined, first: FirstWeights | undefined): string[] {
  if (data === undefined) return [];
  if (!isFolder(data)) return [`data=${JSON.stringify(data)}`];
  const size = first?.image && { imageSize: first.image.height };
  return [`data=${JSON.stringify({ use: 'imagenet', path: data, ...size })}`];
}

function noNetwork(from: string | undefined): Error {
  return wrongUsage(
    from === undefined
      ? 'dna retrain was not told which network to train.'
      : `${from} does not say which network its weights are of.`,
    'Name it: --architecture TEXT, or the folder of a run; or start from trained weights, --from FILE.',
  );
}
