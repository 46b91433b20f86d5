import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failureOf, partial, runTool } from 'dna-nas/core';
import { cudaHome } from './cuda.js';
import { gpuFault } from './gpu-fault.js';
import { type Installation, writeInstallation } from './installation.js';

/** What the backend says about itself, or why it does not work. */
export type Trial =
  | { readonly works: true; readonly tensorflow: string; readonly gpu: boolean }
  | { readonly works: false; readonly reason: string };

const PROGRAM = fileURLToPath(new URL('./trial-program.js', import.meta.url));

/** Starts the backend that is installed in `backends` in another process, which may crash, and has it calculate. */
export async function tryBackend(device: string, backends?: string): Promise<Trial> {
  const env = backends === undefined ? {} : { DNA_BACKENDS: backends };
  const result = await runTool(process.execPath, [PROGRAM, device], { env });
  const told = /^\{.*\}$/m.exec(result?.output ?? '')?.[0];
  if (result?.status === 0 && told !== undefined) {
    return { works: true, ...(JSON.parse(told) as { tensorflow: string; gpu: boolean }) };
  }
  const reason = failureOf(result);
  return { works: false, reason: device === 'cpu' ? reason : ((await explainGpu(env)) ?? reason) };
}

/** Once more with TensorFlow's own words, of which one says why there is no GPU. */
async function explainGpu(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const talking = { ...env, TF_CPP_MIN_LOG_LEVEL: '0', TF_CPP_VMODULE: 'dso_loader=1,gpu_device=1' };
  const result = await runTool(process.execPath, [PROGRAM, 'cuda'], { env: talking });
  return gpuFault(result?.output ?? '');
}

/** The same before `installed.json` is written. */
export async function tryInstallation(installation: Installation, device: string): Promise<Trial> {
  const backends = partial(join(cudaHome(), 'trial'));
  const home = join(backends, 'cuda');
  mkdirSync(home, { recursive: true });
  try {
    writeInstallation(installation, home);
    return await tryBackend(device, backends);
  } finally {
    rmSync(backends, { recursive: true, force: true });
  }
}
