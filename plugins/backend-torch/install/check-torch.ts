import type { BackendCheck } from 'dna-nas/core/contracts';
import { checkInstalled } from 'dna-nas/install';
import { type Installation, readInstallation } from './installation.js';
import { installationFault } from './installation-fault.js';
import { TORCH } from './torch.js';
import { tryBackend } from './trial.js';

/** `CUDA 13.0, our kernels for sm_75, sm_80, compute_80`. */
export function gpuPart({ cuda, kernels, architectures }: Installation): string {
  return `CUDA ${cuda}, ${kernels ? `our kernels for ${architectures.join(', ')}` : 'without our kernels'}`;
}

/** The torch backend's `check`: looks at what is installed, and has another process calculate with it. */
export function checkTorch({ device = 'auto' }: { device?: string } = {}): Promise<BackendCheck> {
  return checkInstalled({
    backend: TORCH,
    installation: readInstallation(),
    device,
    cudaOption: '--cuda',
    misfit: installationFault,
    asksDriver: true,
    attempt: (on) => tryBackend(on),
    describe(installation, told, on) {
      const { torch } = installation;
      if (told.gpu !== undefined)
        return `libtorch ${torch} on ${on === 'auto' ? 'cuda' : on} (${gpuPart(installation)})`;
      const passed = told.passedOver === undefined ? '' : `; it ${told.passedOver}`;
      return `libtorch ${torch} on the CPU (${told.instructions})${passed}`;
    },
  });
}
