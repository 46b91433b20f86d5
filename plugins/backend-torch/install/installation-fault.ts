import { type BackendCheck, missingInstructions } from 'dna-nas/core';
import type { Installation } from './installation.js';
import { sourcesOf } from './native-sources.js';

/** Why a backend does not work. */
export type Fault = Extract<BackendCheck, { works: false }>;

/** What to do about an installation that does not fit any more. */
export const AGAIN =
  'Run `dna backend install torch` again: it compiles what has changed and downloads nothing twice.';

/** Why what is installed does not fit this package or this machine any more; undefined if it does. */
export function installationFault(installation: Installation): Fault | undefined {
  const { torch, cuda, kernels, sources, instructions } = installation;
  if (sourcesOf(torch, { cuda: cuda !== null, kernels }) !== sources) {
    return { works: false, reason: 'was installed for another version of dna-nas', fix: AGAIN };
  }
  const missing = missingInstructions(instructions);
  if (missing.length === 0) return undefined;
  const reason = `was compiled for a processor with ${missing.join(', ')}, which this one lacks`;
  return { works: false, reason, fix: AGAIN };
}
