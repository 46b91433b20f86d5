import { relative } from 'node:path';
import type { LaunchContext } from 'dna-nas/core/contracts';
import { DnaError } from 'dna-nas/errors';

/** @throws DnaError `KUBERNETES_VOLUME` where pods would not see what they work on. */
export function requireOnVolume({ project, folder, files, taskCommand }: LaunchContext, mount: string): void {
  const needed = { project, "run's folder": folder, 'folder of the launch': files, package: taskCommand[1]! };
  const outside = Object.entries(needed).find(([, path]) => relative(mount, path).startsWith('..'));
  if (!outside) return;
  const [what, path] = outside;
  throw new DnaError(
    'KUBERNETES_VOLUME',
    `Pods see the volume at ${mount}, and the ${what} is not below that: ${path}.`,
    'Keep project, package and runs in one folder of the volume, and name it: --set launcher.mount=/shared.',
    { exitCode: 2 },
  );
}
