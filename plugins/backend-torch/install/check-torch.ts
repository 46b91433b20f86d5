import { type BackendCheck, checkInstalled } from 'dna-nas/core';
import { readInstallation } from './installation.js';
import { installationFault } from './installation-fault.js';
import { TORCH } from './torch.js';
import { tryBackend } from './trial.js';

/** The torch backend's `check`: looks at what is installed, and has another process calculate with it. */
export function checkTorch({ device = 'auto' }: { device?: string } = {}): Promise<BackendCheck> {
  return checkInstalled({
    backend: TORCH,
    installation: readInstallation(),
    device,
    cudaOption: '--cuda',
    misfit: installationFault,
    attempt: (on) => tryBackend(on),
    describe({ torch, cuda }, { instructions }, on) {
      return `libtorch ${torch} on ${on === 'cpu' ? `the CPU (${instructions})` : `${on} (CUDA ${cuda})`}`;
    },
  });
}
