import { type BackendCheck, missingInstructions } from 'dna-nas/core';
import { nativeSources } from './compile-binding.js';
import type { Installation } from './installation.js';
import { PACKAGE_VERSION } from './node-package.js';

/** Why a backend does not work. */
export type Fault = Extract<BackendCheck, { works: false }>;

/** What to do about an installation that does not fit any more. */
export const AGAIN =
  'Run `dna backend install cuda` again: it compiles what has changed and downloads nothing twice.';

/** Why what is installed does not fit this package or this machine any more; undefined if it does. */
export function installationFault({ version, sources, instructions }: Installation): Fault | undefined {
  if (version !== PACKAGE_VERSION || (sources !== null && sources !== nativeSources())) {
    return { works: false, reason: 'was installed for another version of dna-nas', fix: AGAIN };
  }
  const missing = missingInstructions(instructions);
  if (missing.length === 0) return undefined;
  const reason = `was compiled for a processor with ${missing.join(', ')}, which this one lacks`;
  return { works: false, reason, fix: AGAIN };
}
