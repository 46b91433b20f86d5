import type { BackendCheck } from 'dna-nas/core';
import type { Installation } from './installation.js';
import { PACKAGE_VERSION } from './node-package.js';

/** Why a backend does not work. */
export type Fault = Extract<BackendCheck, { works: false }>;

/** Why what is installed does not fit this package any more; undefined if it does. */
export function installationFault({ version }: Installation): Fault | undefined {
  if (version === PACKAGE_VERSION) return undefined;
  return {
    works: false,
    reason: `was installed with tfjs-node-gpu ${version}, and ${PACKAGE_VERSION} is needed`,
    fix: 'Run `dna backend install cuda` again: it fetches and compiles what has changed.',
  };
}
