import type { Network, StagedNetwork } from 'dna-nas/core/contracts';
import { Module } from '../module.js';

/** A module whose feature maps can be taken between its stages. */
export type StagedModule = Module & StagedNetwork;

export function isStagedModule(network: Network): network is StagedModule {
  const { features, stageShapes } = network as Partial<StagedNetwork>;
  return network instanceof Module && typeof features === 'function' && typeof stageShapes === 'function';
}
