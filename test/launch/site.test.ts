import { readdirSync } from 'node:fs';
import { checkLauncher } from 'dna-nas/run-tools/launch';
import { describe, expect, it, vi } from 'vitest';
import { projectFolder } from '../run/project-folder.js';
import { useFakeSlurm } from './launched-run.js';

vi.setConfig({ testTimeout: 600_000 });

const slurm = useFakeSlurm();

describe.skipIf(process.platform === 'win32')('a site', () => {
  it('is looked at from a node, with the options that jobs will have, and left as it was', async () => {
    const project = projectFolder('dna-site-');
    const set = ['launcher.sbatch.partition=gpu', 'launcher.setup=[export SITE=1]'];
    const checks = await checkLauncher({ use: 'slurm', project, set });
    expect(checks).toEqual([
      { check: 'slurm', works: true, found: 'slurm 22.05.8' },
      { check: 'node', works: true, found: 'one has answered' },
      { check: 'shared folder', works: true, found: expect.any(String) },
      { check: 'Node on the node', works: true, found: process.version },
      { check: 'backends on the node', works: true, found: expect.stringMatching(/^wasm/m) },
    ]);
    expect(slurm.read('srun.calls')).toMatch(/^--job-name=dna-doctor --ntasks=1 --partition=gpu bash -c /);
    expect(readdirSync(project)).toEqual([]);
  });

  it('lacks Node where the container has none, and Slurm where its commands are not', async () => {
    const project = projectFolder('dna-site-');
    const [, , , node] = await checkLauncher({
      ...{ use: 'slurm', project },
      set: ['launcher.container=[env, sh, -c, "echo no node here"]'],
    });
    expect(node).toMatchObject({ works: false, found: 'no node here', fix: expect.stringMatching(/Node/) });
    slurm.withoutCommands();
    expect(await checkLauncher({ use: 'slurm', project })).toEqual([
      {
        check: 'slurm',
        works: false,
        found: 'sbatch, squeue, scancel, srun not on the path',
        fix: 'Give the command on a login node.',
      },
    ]);
    expect(await checkLauncher({ use: 'local', project })).toEqual([]);
  });
});
