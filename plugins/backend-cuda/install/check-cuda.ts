import type { BackendCheck } from 'dna-nas/core/contracts';
import { checkInstalled } from 'dna-nas/install';
import { CUDA } from './cuda.js';
import { readInstallation } from './installation.js';
import { installationFault } from './installation-fault.js';
import { tryBackend } from './trial.js';

/** The backend's `check`: looks at what is installed, and has another process calculate with it. */
export function checkCuda({ device = 'auto' }: { device?: string } = {}): Promise<BackendCheck> {
  return checkInstalled({
    backend: CUDA,
    installation: readInstallation(),
    device,
    cudaOption: '--no-cpu',
    misfit: installationFault,
    attempt: (on) => tryBackend(on),
    describe({ cuda }, { tensorflow, gpu }, on) {
      return `TensorFlow ${tensorflow} on ${gpu ? `${on} (CUDA ${cuda})` : 'the CPU'}`;
    },
  });
}
