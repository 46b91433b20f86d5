import { type BackendFault, misfitOf } from 'dna-nas/install';
import type { Installation } from './installation.js';
import { sourcesOf } from './native-sources.js';
import { TORCH } from './torch.js';

/** Why what is installed does not fit this package or this machine any more; undefined if it does. */
export function installationFault(installation: Installation): BackendFault | undefined {
  const { torch, cuda, kernels, sources, instructions } = installation;
  const current = sourcesOf(torch, { cuda: cuda !== null, kernels }) === sources;
  return misfitOf(TORCH, { current, instructions });
}
