import { fileURLToPath } from 'node:url';
import { runTrial, type Trial, trialEnvironment, tryBeside } from 'dna-nas/install';
import { type Installation, torchHome, writeInstallation } from './installation.js';

/** What the backend says about itself, or why it does not work. */
export type TorchTrial = Trial<{
  readonly instructions: string;
  readonly threads: number;
  /** The GPU's name, where it computed on one. */
  readonly gpu?: string;
  /** Why `auto` did not take the GPU of this machine. */
  readonly passedOver?: string;
}>;

const PROGRAM = fileURLToPath(new URL('./trial-program.js', import.meta.url));

/** Starts the backend that is installed in `backends` in another process, which may crash, and has it calculate. */
export function tryBackend(device: string, backends?: string): Promise<TorchTrial> {
  return runTrial(PROGRAM, [device], trialEnvironment(backends));
}

/** The same before `installed.json` is written, with every kernel of ours. */
export function tryInstallation(installation: Installation, device: string): Promise<TorchTrial> {
  const write = (home: string) => writeInstallation(installation, home);
  const words = [device, 'kernels'];
  return tryBeside(torchHome(), write, (backends) => runTrial(PROGRAM, words, trialEnvironment(backends)));
}
