import { resolve } from 'node:path';
import type { CellLoss, ComparedChoice, ComparedRun, RunSoFar } from 'dna-nas/core';
import { type StoredConfig, storedConfig } from 'dna-nas/core/config';
import type { SpaceBlock } from 'dna-nas/core/contracts';
import { readOutcome } from 'dna-nas/core/run';
import type { NetworkResult, SearchResult } from 'dna-nas/core/stages';
import { type AttachedRunFolder, attachRunFolder } from 'dna-nas/core/store';
import { type CellLosses, lossCurves } from '../loss-curves.js';
import { runSoFar } from '../report/run-so-far.js';

/** A run's folder with what is compared of it. */
export interface OpenedRun {
  readonly folder: AttachedRunFolder;
  readonly config: StoredConfig;
  readonly run: ComparedRun;
}

/** Reads a run, as far as it has come. @throws DnaError `RUN_NOT_FOUND`, `STORE_CORRUPT`. */
export function openCompared(path: string, name: string): OpenedRun {
  const folder = attachRunFolder(resolve(path));
  const config = storedConfig(folder.readJson('config'));
  const outcome = readOutcome(folder);
  const summary: RunSoFar = outcome ?? runSoFar(folder, config);
  const best = (folder.readJson('search') as SearchResult | undefined)?.best;
  const network = comparedNetwork(summary);
  const losses = lossCurves(folder).map(lossOf);
  const run: ComparedRun = {
    ...{ name, folder: folder.path, complete: outcome !== undefined, summary },
    ...(network && { network }),
    ...(best && { costs: best.costs, blocks: choicesOf(best, blocksOf(folder)) }),
    losses,
    missing: missingOf({ summary, complete: outcome !== undefined, network, best, losses }),
  };
  return { folder, config, run };
}

function comparedNetwork({ networks }: RunSoFar): NetworkResult | undefined {
  return networks.find(({ name }) => name === 'found') ?? networks.find(({ name }) => name !== 'teacher');
}

function blocksOf(folder: AttachedRunFolder): readonly SpaceBlock[] {
  return (folder.readJson('space') as { blocks?: readonly SpaceBlock[] } | undefined)?.blocks ?? [];
}

function choicesOf(best: SearchResult['best'], blocks: readonly SpaceBlock[]): ComparedChoice[] {
  return best.architecture.map(({ cell, path }, index) => {
    const shape = blocks[index]?.cells[cell];
    const layers = path.map((operation, layer) => shape?.layers[layer]?.[operation] ?? `#${operation}`);
    return { cell, ...(shape && { channels: shape.channels }), layers };
  });
}

function lossOf({ block, cell, steps, curve }: CellLosses): CellLoss {
  return { block, cell, steps, first: curve[0]!.loss, last: curve.at(-1)!.loss };
}

interface Found extends Pick<ComparedRun, 'summary' | 'complete' | 'losses'> {
  readonly network: NetworkResult | undefined;
  readonly best: SearchResult['best'] | undefined;
}

/** In sentences without their subject, which is the run. */
function missingOf({ summary, complete, network, best, losses }: Found): string[] {
  const stage = Object.keys(summary.stages).at(-1);
  const given = complete && summary.rating === null;
  return [
    ...(complete
      ? []
      : [`is not complete: ${stage ? `its last stage so far was ${stage}` : 'no stage ended'}`]),
    ...(best || given ? [] : ['has no architecture yet']),
    ...(network ? [] : ['has trained no network yet']),
    ...(given || losses.length > 0 ? [] : ['has no losses of its cells']),
  ];
}
