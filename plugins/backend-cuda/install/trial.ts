import { fileURLToPath } from 'node:url';
import { runTool, runTrial, type Trial, trialEnvironment, tryBeside } from 'dna-nas/install';
import { cudaHome } from './cuda.js';
import { gpuFault } from './gpu-fault.js';
import { type Installation, writeInstallation } from './installation.js';

/** What the backend says about itself, or why it does not work. */
export type CudaTrial = Trial<{ readonly tensorflow: string; readonly gpu: boolean }>;

const PROGRAM = fileURLToPath(new URL('./trial-program.js', import.meta.url));

/** Starts the backend that is installed in `backends` in another process, which may crash, and has it calculate. */
export async function tryBackend(device: string, backends?: string): Promise<CudaTrial> {
  const env = trialEnvironment(backends);
  const trial: CudaTrial = await runTrial(PROGRAM, [device], env);
  if (trial.works || device === 'cpu') return trial;
  return { works: false, reason: (await explainGpu(env)) ?? trial.reason };
}

/** Once more with TensorFlow's own words, of which one says why there is no GPU. */
async function explainGpu(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const talking = { ...env, TF_CPP_MIN_LOG_LEVEL: '0', TF_CPP_VMODULE: 'dso_loader=1,gpu_device=1' };
  const result = await runTool(process.execPath, [PROGRAM, 'cuda'], { env: talking });
  return gpuFault(result?.output ?? '');
}

/** The same before `installed.json` is written. */
export function tryInstallation(installation: Installation, device: string): Promise<CudaTrial> {
  const write = (home: string) => writeInstallation(installation, home);
  return tryBeside(cudaHome(), write, (backends) => tryBackend(device, backends));
}
