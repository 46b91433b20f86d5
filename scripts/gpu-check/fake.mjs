// The torch backend on a CUDA runtime that computes nothing, as scripts/fake-cuda.mjs installs it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../bench/measure.mjs';

/** What `DNA_BACKENDS` names for it. */
export const FAKE_BACKENDS = join(ROOT, '.cache/fake-cuda/backends');

/** Whether it is there. */
export function hasFakeInstallation() {
  return existsSync(join(FAKE_BACKENDS, 'torch', 'installed.json'));
}
