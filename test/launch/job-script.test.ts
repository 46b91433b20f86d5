import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { filesOf, folderOf, launched, textOf, useFakeSlurm } from './launched-run.js';

vi.setConfig({ testTimeout: 600_000 });

const slurm = useFakeSlurm();

/** Runs an element of an array as Slurm does; its exit code, or null where it was ended to be started again. */
function runJob(project: string, script: string, env: NodeJS.ProcessEnv = {}) {
  const words = [join(filesOf(project, 1), script)];
  const slurmEnv = { SLURM_ARRAY_JOB_ID: '101', SLURM_ARRAY_TASK_ID: '1', SLURM_JOB_ID: '103' };
  const { status, stderr } = spawnSync('/bin/bash', words, {
    encoding: 'utf8',
    env: { ...process.env, ...slurmEnv, ...env },
  });
  return { status, stderr };
}

describe.skipIf(process.platform === 'win32')('the script of a job', () => {
  let project = '';
  const checkpoint = (step: number) => {
    const folder = join(folderOf(project), 'checkpoints/train-b1-c2');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${step}-0123456789abcdef.safetensors`), '');
  };
  const requeues = () => (slurm.has('scontrol.calls') ? slurm.read('scontrol.calls').split('\n') : []);

  beforeEach(async () => {
    ({ project } = await launched(['launcher=slurm']));
  });

  it('executes the task of its number as a step, and ends as that does', () => {
    slurm.write('code', '0');
    expect(runJob(project, 'distill.sbatch').status).toBe(0);
    const [step] = slurm.read('srun.calls').split('\n');
    expect(step).toMatch(/^--ntasks=1 \S*node \S*\/bin\/dna\.js task \S*\/runs\/tiny train-b1-c2$/);
    slurm.write('code', '1');
    expect(runJob(project, 'distill.sbatch').status).toBe(1);
    expect(requeues()).toEqual([]);
  });

  it('has it started again after 75 and after a signal, under its own name', () => {
    slurm.write('code', '75');
    expect(runJob(project, 'distill.sbatch').status).toBeNull();
    slurm.write('code', '137');
    checkpoint(8);
    expect(runJob(project, 'distill.sbatch').status).toBeNull();
    expect(runJob(project, 'advance.sbatch').status).toBeNull();
    expect(requeues()).toEqual(['requeue 101_1', 'requeue 101_1', 'requeue 103']);
    // Whoever held the task before was this job itself.
    slurm.write('code', '0');
    runJob(project, 'distill.sbatch', { SLURM_RESTART_COUNT: '2', SLURM_CPUS_PER_TASK: '4' });
    expect(slurm.read('srun.calls').split('\n').at(-1)).toMatch(
      /^--ntasks=1 --cpus-per-task=4 .* train-b1-c2 --take-over$/,
    );
  });

  it('gives up after two restarts in a row that bring no new checkpoint, however many brought one', () => {
    slurm.write('code', '75');
    for (const step of [1, 2, 3, 4]) {
      checkpoint(step);
      expect(runJob(project, 'distill.sbatch').status).toBeNull();
    }
    expect(runJob(project, 'distill.sbatch').status).toBeNull();
    const { status, stderr } = runJob(project, 'distill.sbatch');
    expect(status).toBe(75);
    expect(stderr).toContain('2 restarts in a row have brought no new checkpoint');
    expect(requeues()).toHaveLength(5);
  });

  it('is not started again once the run was cancelled, or where there is no scontrol', () => {
    slurm.write('code', '75');
    writeFileSync(join(filesOf(project, 1), 'cancelled'), '');
    expect(runJob(project, 'distill.sbatch').status).toBe(75);
    rmSync(join(filesOf(project, 1), 'cancelled'));
    expect(runJob(project, 'distill.sbatch', { PATH: slurm.pathWithout('scontrol') }).status).toBe(75);
    expect(requeues()).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')("the site's options", () => {
  it('pass through by name, and what comes before a step and around it is written as it is', async () => {
    const { project } = await launched([
      'launcher=slurm',
      'launcher.sbatch={partition: gpu, gres: "gpu:1", exclusive: true, hold: false, comment: "it\'s ours"}',
      'launcher.setup=[module load cuda/13.0, "export A=\'1 2\'"]',
      'launcher.container=[apptainer, exec, image 1.sif]',
      'launcher.signalSeconds=300',
      'checkpointSeconds=30',
    ]);
    const script = textOf(project, 1, 'distill.sbatch');
    for (const line of [
      '#SBATCH --partition=gpu',
      '#SBATCH --gres=gpu:1',
      '#SBATCH --exclusive',
      `#SBATCH --comment='it'\\''s ours'`,
      '#SBATCH --signal=USR2@300',
      'module load cuda/13.0',
      "export A='1 2'",
    ])
      expect(script.split('\n')).toContain(line);
    expect(script).not.toContain('hold');
    expect(script).toMatch(/\n {2}apptainer exec 'image 1\.sif' \S*node .* --set checkpointSeconds=30\n/);
  });

  it('are refused where the launcher gives them itself, or where they are no name', async () => {
    for (const setting of ['launcher.sbatch.array=1-3', 'launcher.sbatch.Gres=x', 'launcher.sbatch.gpus=[1]'])
      await expect(launched(['launcher=slurm', setting])).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('say how often a job is submitted where nodes cannot have it started again', async () => {
    await launched(['launcher=slurm', 'launcher.links=2']);
    expect(slurm.submitted()).toEqual({
      101: '--parsable distill.sbatch',
      102: '--parsable --dependency=afterany:101 distill.sbatch',
      103: '--parsable --dependency=afterany:102 rank.sbatch',
      104: '--parsable --dependency=afterany:103 rank.sbatch',
      105: '--parsable --dependency=afterany:102:104 advance.sbatch',
      106: '--parsable --dependency=afterany:105 advance.sbatch',
    });
  });
});
