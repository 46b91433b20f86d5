import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failureOf, partial, runTool } from 'dna-nas/core';
import { type Installation, torchHome, writeInstallation } from './installation.js';

/** What the backend says about itself, or why it does not work. */
export type Trial =
  | { readonly works: true; readonly instructions: string; readonly threads: number }
  | { readonly works: false; readonly reason: string };

const PROGRAM = fileURLToPath(new URL('./trial-program.js', import.meta.url));

/** Starts the backend that is installed in `backends` in another process, which may crash, and has it calculate. */
export async function tryBackend(device: string, backends?: string): Promise<Trial> {
  const env = backends === undefined ? {} : { DNA_BACKENDS: backends };
  const result = await runTool(process.execPath, [PROGRAM, device], { env });
  const told = /^\{.*\}$/m.exec(result?.output ?? '')?.[0];
  if (result?.status !== 0 || told === undefined) return { works: false, reason: failureOf(result) };
  const { instructions, threads } = JSON.parse(told) as { instructions: string; threads: number };
  return { works: true, instructions, threads };
}

/** The same before `installed.json` is written. */
export async function tryInstallation(installation: Installation, device: string): Promise<Trial> {
  const backends = partial(join(torchHome(), 'trial'));
  const home = join(backends, 'torch');
  mkdirSync(home, { recursive: true });
  try {
    writeInstallation(installation, home);
    return await tryBackend(device, backends);
  } finally {
    rmSync(backends, { recursive: true, force: true });
  }
}
