import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ConfigRequest, type NetworkOfRun, networkOfRun, run } from 'dna-nas/core';
import { forked } from './fork.js';
import { withStopSignals } from './stop-signals.js';

/**
 * `dna retrain`: trains one network from scratch, in a run of its own. The network is a name, a text of the space, or
 * the folder of a run, whose network and configuration are taken unless another configuration is named.
 */
export async function retrainCommand(
  request: ConfigRequest,
  { architecture, takeOver, fork }: { architecture: string; takeOver?: boolean; fork?: boolean },
): Promise<void> {
  const asked = isFolder(architecture)
    ? ofRun(request, networkOfRun(architecture))
    : { ...request, architecture };
  const chosen = fork ? await forked(asked) : asked;
  await withStopSignals((signal) => run(chosen, { signal, takeOver: takeOver ?? false }));
}

function ofRun(request: ConfigRequest, { architecture, config }: NetworkOfRun): ConfigRequest {
  const isNamed = request.preset !== undefined || request.configFile !== undefined;
  return { ...request, architecture, ...(!isNamed && { config }) };
}

function isFolder(text: string): boolean {
  const path = resolve(text);
  return existsSync(path) && statSync(path).isDirectory();
}
