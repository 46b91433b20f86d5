import { type BackendCheck, hasGpu } from 'dna-nas/core';
import { type Installation, readInstallation } from './installation.js';
import { AGAIN, type Fault, installationFault } from './installation-fault.js';
import { tryBackend } from './trial.js';

/** The backend's `check`: looks at what is installed, and has another process calculate with it. */
export async function checkCuda({
  device: wanted = 'auto',
}: {
  device?: string;
} = {}): Promise<BackendCheck> {
  const installation = readInstallation();
  if (!installation) return fault('is not installed', 'Run `dna backend install cuda`.');
  const device = wanted === 'auto' ? bestDevice(installation) : wanted;
  const known = installationFault(installation) ?? deviceFault(installation, device);
  if (known) return known;
  const trial = await tryBackend(device);
  if (!trial.works) return fault(`fails: ${trial.reason}`, AGAIN);
  const place = trial.gpu ? `${device} (CUDA ${installation.cuda})` : 'the CPU';
  return { works: true, description: `TensorFlow ${trial.tensorflow} on ${place}` };
}

function bestDevice({ cuda }: Installation): string {
  return cuda !== null && hasGpu() ? 'cuda' : 'cpu';
}

function deviceFault({ cuda }: Installation, device: string): Fault | undefined {
  if (device === 'cpu') return undefined;
  if (!hasGpu())
    return fault('finds no NVIDIA GPU with its driver', 'Compute on the CPU: backend.device=cpu.');
  if (cuda !== null) return undefined;
  return fault('is installed without CUDA', 'Run `dna backend install cuda --no-cpu`.');
}

function fault(reason: string, fix: string): Fault {
  return { works: false, reason, fix };
}
