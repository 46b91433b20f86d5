import { type BackendFault, misfitOf } from 'dna-nas/install';
import { nativeSources } from './compile-binding.js';
import { CUDA } from './cuda.js';
import type { Installation } from './installation.js';
import { PACKAGE_VERSION } from './node-package.js';

/** Why what is installed does not fit this package or this machine any more; undefined if it does. */
export function installationFault({
  version,
  sources,
  instructions,
}: Installation): BackendFault | undefined {
  const current = version === PACKAGE_VERSION && (sources === null || sources === nativeSources());
  return misfitOf(CUDA, { current, instructions });
}
