import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { advanceRun, cancelRun, launchRun, runStatus } from 'dna-nas/run-tools/launch';
import { describe, expect, it, vi } from 'vitest';
import { tinyProject, tinyRequest } from '../run/tiny-run.js';
import { execute, filesOf, folderOf, launched, openTasks, textOf, useFakeSlurm } from './launched-run.js';

vi.setConfig({ testTimeout: 600_000 });

const INLINE = { inline: true };
const TRAINING = ['train-b1-c1', 'train-b1-c2', 'train-b2-c1', 'train-b2-c2'];
const slurm = useFakeSlurm();

describe.skipIf(process.platform === 'win32')('a run that Slurm has', () => {
  it('is an array a stage, each after the one before, and a last job that goes on with it', async () => {
    const { project, launch } = await launched(['launcher=slurm']);
    expect(slurm.submitted()).toEqual({
      101: '--parsable distill.sbatch',
      102: '--parsable --dependency=afterany:101 rank.sbatch',
      103: '--parsable --dependency=afterany:101:102 advance.sbatch',
    });
    expect(launch?.jobs.map(({ started }) => started.map(({ id }) => id))).toEqual([
      ['101'],
      ['102'],
      ['103'],
    ]);
    expect(textOf(project, 1, 'distill.tasks')).toBe(`${TRAINING.join('\n')}\n`);
    const lines = slurm.read('101.sbatch').split('\n');
    expect(lines.filter((line) => line.startsWith('#SBATCH'))).toEqual([
      '#SBATCH --job-name=dna-tiny-distill',
      '#SBATCH --array=0-3',
      '#SBATCH --requeue',
      '#SBATCH --open-mode=append',
      '#SBATCH --signal=USR2@120',
      `#SBATCH --output='${filesOf(project, 1)}/distill-%a.log'`,
    ]);
    await execute(project, openTasks(project));
    slurm.forget(/^10[12]/);
    // The last job, which is live itself, submits what the search has found.
    await advanceRun(folderOf(project), INLINE);
    expect(slurm.submitted()).toMatchObject({
      104: '--parsable retrain.sbatch',
      105: '--parsable --dependency=afterany:104 advance.sbatch',
    });
    await execute(project, openTasks(project));
    expect((await advanceRun(folderOf(project), INLINE)).summary).toBeDefined();
  });

  it('has several arrays where a stage has more tasks than one may have', async () => {
    slurm.write('max-array', '3');
    const { project, launch } = await launched(['launcher=slurm']);
    expect(launch?.jobs.map(({ name, tasks }) => [name, tasks.length])).toEqual([
      ['distill-1', 2],
      ['distill-2', 2],
      ['rank-1', 2],
      ['rank-2', 2],
      ['advance', 0],
    ]);
    // A cell waits for the array alone that trains it.
    expect(slurm.submitted()).toMatchObject({
      103: '--parsable --dependency=afterany:101 rank-1.sbatch',
      104: '--parsable --dependency=afterany:102 rank-2.sbatch',
      105: '--parsable --dependency=afterany:101:102:103:104 advance.sbatch',
    });
    expect(textOf(project, 1, 'distill-2.tasks')).toBe(`${TRAINING.slice(2).join('\n')}\n`);
    const { tasks } = await runStatus(folderOf(project));
    expect(tasks.slice(0, 4).map(({ job }) => job?.id)).toEqual(['101_0', '101_1', '102_0', '102_1']);
    await execute(project, openTasks(project));
    slurm.forget(/^10[1234]/);
    await advanceRun(folderOf(project), INLINE);
    expect(slurm.submitted()).toMatchObject({ 106: '--parsable retrain.sbatch' });
  });

  it('is submitted again as far as tasks have neither a result nor a job', async () => {
    const { project, again } = await launched(['launcher=slurm']);
    expect(await again()).toEqual({ elsewhere: true });
    expect(Object.keys(slurm.submitted())).toEqual(['101', '102', '103']);
    await execute(project, TRAINING.slice(0, 1));
    slurm.forget(/^101_[012]/);
    const { launch } = await again();
    expect(launch?.jobs.map(({ name, tasks }) => [name, tasks])).toEqual([
      ['distill', TRAINING.slice(1, 3)],
      ['advance', []],
    ]);
    expect(slurm.submitted()).toMatchObject({
      104: '--parsable distill.sbatch',
      105: '--parsable --dependency=afterany:104:101:102:103 advance.sbatch',
    });
    // The ratings of what is trained by the first array wait for it, and not for the second.
    slurm.forget(/^102/);
    await again();
    expect(slurm.submitted()).toMatchObject({
      106: '--parsable --dependency=afterany:104:101 rank.sbatch',
    });
  });

  it('goes on after a refusal of Slurm, which is told, where it was', async () => {
    slurm.write('refuse', 'sbatch: error: invalid partition specified: gpu\n');
    const project = await tinyProject();
    const request = tinyRequest(project, { set: ['launcher=slurm', 'launcher.sbatch.partition=gpu'] });
    await expect(launchRun(request, INLINE)).rejects.toMatchObject({
      code: 'SLURM_FAILED',
      message: "Slurm's sbatch failed: sbatch: error: invalid partition specified: gpu",
    });
    rmSync(join(process.env.FAKE_SLURM!, 'refuse'));
    const { launch } = await launchRun({ ...request, set: ['launcher=slurm'] }, INLINE);
    expect(launch?.jobs.map(({ name }) => name)).toEqual(['distill', 'rank', 'advance']);
  });

  it('does not try tasks again that have failed, unless it is asked to', async () => {
    const { project, again } = await launched(['launcher=slurm']);
    await execute(project, TRAINING.slice(1));
    slurm.forget(/^10[12]/);
    writeFileSync(
      join(filesOf(project, 1), 'distill-0.log'),
      'once\nDATA_MISSING: there is no data here\n\n',
    );
    await expect(advanceRun(folderOf(project), INLINE)).rejects.toMatchObject({
      code: 'LAUNCH_INCOMPLETE',
      message: expect.stringContaining('without results of 5 tasks: train-b1-c1, rate-b1-c1, '),
    });
    expect(Object.keys(slurm.submitted())).toHaveLength(3);
    expect((await runStatus(folderOf(project))).tasks[0]).toMatchObject({
      id: 'train-b1-c1',
      state: 'ready',
      job: { id: '101_0', state: 'gone' },
      lastWords: 'DATA_MISSING: there is no data here',
    });
    slurm.forget();
    await again();
    expect(textOf(project, 2, 'distill.tasks')).toBe('train-b1-c1\n');
  });

  it('is cancelled, what has not begun too', async () => {
    const { project, again } = await launched(['launcher=slurm']);
    expect(await cancelRun(folderOf(project))).toEqual(['101', '102', '103']);
    expect(slurm.read('scancel.calls')).toBe('101 102 103');
    expect(await cancelRun(folderOf(project))).toEqual([]);
    expect((await again()).launch?.jobs).toHaveLength(3);
    await expect(cancelRun(join(project, 'runs/other'))).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
    await run(tinyRequest(project, { set: ['name=other'] }), { ...INLINE, layOut: true });
    await expect(cancelRun(join(project, 'runs/other'))).rejects.toMatchObject({ code: 'LAUNCH_UNKNOWN' });
  });

  it('is not submitted, and not cancelled, where Slurm cannot be asked; its last job does the rest itself', async () => {
    const { project, again } = await launched(['launcher=slurm']);
    slurm.withoutCommands();
    await expect(again()).rejects.toMatchObject({ code: 'LAUNCH_UNOBSERVED' });
    await expect(cancelRun(folderOf(project))).rejects.toMatchObject({ code: 'LAUNCH_UNOBSERVED' });
    expect(await runStatus(folderOf(project))).toMatchObject({
      unobserved: 'the scheduler cannot be asked from here',
    });
    const texts: string[] = [];
    const noticed = (text: string) => texts.push(text);
    const { summary, elsewhere } = await advanceRun(folderOf(project), { ...INLINE, noticed });
    expect({ summary: summary !== undefined, elsewhere }).toEqual({ summary: true, elsewhere: false });
    expect(texts).toEqual([expect.stringMatching(/^The scheduler cannot be asked from here: /)]);
  });

  it('is prepared by a first job where it is asked to be', async () => {
    const { project, again } = await launched(['launcher=slurm', 'launcher.prepare=job']);
    expect(slurm.submitted()).toEqual({ 101: '--parsable advance.sbatch' });
    expect(openTasks(project)).toEqual([]);
    expect(await again()).toEqual({ elsewhere: true });
    await advanceRun(folderOf(project), INLINE);
    expect(Object.values(slurm.submitted()).slice(1)).toEqual([
      '--parsable distill.sbatch',
      '--parsable --dependency=afterany:102 rank.sbatch',
      '--parsable --dependency=afterany:102:103 advance.sbatch',
    ]);
    await expect(run(tinyRequest(project, { set: ['seed=4'] }), INLINE)).rejects.toMatchObject({
      code: 'RUN_DIFFERS',
    });
  });

  it('is no run of a program that would execute it', async () => {
    const project = await tinyProject();
    await expect(run(tinyRequest(project, { set: ['launcher=slurm'] }), INLINE)).rejects.toMatchObject({
      code: 'LAUNCHER_ELSEWHERE',
    });
    const summary = await run(tinyRequest(project, { set: ['launcher=local'] }), {
      ...INLINE,
      until: 'data',
    });
    expect(summary).toBeUndefined();
    const stored = readFileSync(join(folderOf(project), 'config.json'), 'utf8');
    expect(stored).not.toContain('launcher');
  });
});
