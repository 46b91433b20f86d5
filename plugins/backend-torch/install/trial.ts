import { fileURLToPath } from 'node:url';
import { runTrial, type Trial, trialEnvironment, tryBeside } from 'dna-nas/core';
import { type Installation, torchHome, writeInstallation } from './installation.js';

/** What the backend says about itself, or why it does not work. */
export type TorchTrial = Trial<{ readonly instructions: string; readonly threads: number }>;

const PROGRAM = fileURLToPath(new URL('./trial-program.js', import.meta.url));

/** Starts the backend that is installed in `backends` in another process, which may crash, and has it calculate. */
export function tryBackend(device: string, backends?: string): Promise<TorchTrial> {
  return runTrial(PROGRAM, device, trialEnvironment(backends));
}

/** The same before `installed.json` is written. */
export function tryInstallation(installation: Installation, device: string): Promise<TorchTrial> {
  const write = (home: string) => writeInstallation(installation, home);
  return tryBeside(torchHome(), write, (backends) => tryBackend(device, backends));
}
