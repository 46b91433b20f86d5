import type { RunSoFar } from 'dna-nas/core';
import type { StoredConfig } from 'dna-nas/core/config';
import { SLOTS } from 'dna-nas/core/plugin';
import { ledgerOf, runTimes } from 'dna-nas/core/run';
import type { NetworkResult, SearchResult } from 'dna-nas/core/stages';
import type { AttachedRunFolder } from 'dna-nas/core/store';
import { isPlainObject } from 'dna-nas/files';
import { networkResult } from '../network-result.js';

/** The summary of a run that is not complete, from what its folder holds. */
export function runSoFar(folder: AttachedRunFolder, config: StoredConfig): RunSoFar {
  const best = (folder.readJson('search') as SearchResult | undefined)?.best;
  const backend = config.plugins.find(({ slot }) => slot === 'backend')?.name ?? '';
  const { prefix } = SLOTS.backend;
  return {
    preset: config.preset,
    seed: config.seed,
    backend: backend.startsWith(prefix) ? backend.slice(prefix.length) : backend,
    ...runTimes(folder),
    ...ledgerOf(folder),
    ...(best && { architecture: best.text, rating: best.rating }),
    networks: networksSoFar(folder),
  };
}

function networksSoFar(folder: AttachedRunFolder): NetworkResult[] {
  return folder
    .taskIds()
    .filter((id) => folder.readTask(id)?.stage === 'retrain' && folder.hasResult(id))
    .map((id) => folder.loadResult(id)?.json)
    .filter(isNetworkResult)
    .map(networkResult);
}

function isNetworkResult(json: unknown): json is NetworkResult & Record<string, unknown> {
  if (!isPlainObject(json) || typeof json.name !== 'string') return false;
  return [json.params, json.macs, json.top1].every((value) => typeof value === 'number');
}
