// Packages of Python in a folder of their own, for scripts that ask a peer; where there are none the script is skipped.
import { spawnSync } from 'node:child_process';

/** Ends the process: what a script cannot do here is no fault. */
export function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(0);
}

/** Installs a requirement into a folder and answers the environment that finds it; `given` names a folder that has it. */
export function pipFolder(requirement, { folder, given }) {
  if (given) return { ...process.env, PYTHONPATH: given };
  const words = ['-m', 'pip', 'install', '--quiet', '--target', folder, requirement];
  const { status, error, stderr } = spawnSync('python3', words, { encoding: 'utf8' });
  if (status !== 0)
    skip(`pip does not bring ${requirement} here (${error?.message ?? stderr.trim().split('\n').at(-1)})`);
  return { ...process.env, PYTHONPATH: folder };
}
