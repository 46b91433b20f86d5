import type { ConfigRequest } from 'dna-nas/core/config';
import { isFolder } from 'dna-nas/files';
import { type NetworkOfRun, networkOfRun, requestFrom } from 'dna-nas/run-tools';
import { forked, orAbandon } from './fork.js';
import { startRun } from './run.js';

export interface RetrainCommandOptions {
  readonly architecture: string;
  readonly layOut?: boolean;
  readonly takeOver?: boolean;
  readonly fork?: boolean;
}

/**
 * `dna retrain`: trains one network from scratch, in a run of its own, configured as `source` is: a preset, or the
 * folder of a run. The network is a name, a text of the space, or the folder of a run, whose network and configuration
 * are taken unless another configuration is named.
 */
export async function retrainCommand(
  given: ConfigRequest,
  source: string | undefined,
  { architecture, layOut = false, takeOver = false, fork }: RetrainCommandOptions,
): Promise<void> {
  const request = source === undefined ? given : requestFrom(source, given);
  const asked = isFolder(architecture)
    ? ofRun(request, networkOfRun(architecture))
    : { ...request, architecture };
  const chosen = fork ? await forked(asked) : { request: asked };
  await orAbandon(chosen, (request) => startRun(request, { layOut, takeOver }));
}

function ofRun(request: ConfigRequest, { architecture, likeRun }: NetworkOfRun): ConfigRequest {
  const isNamed = [request.preset, request.configFile, request.likeRun].some((one) => one !== undefined);
  return { ...request, architecture, ...(!isNamed && { likeRun }) };
}
