import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { advanceRun, runStatus } from 'dna-nas/run-tools/launch';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { expect, it, vi } from 'vitest';
import { resultsOf, tinyProject, tinyRequest } from '../run/tiny-run.js';
import { execute, filesOf, folderOf, launched, openTasks, textOf } from './launched-run.js';

vi.setConfig({ testTimeout: 600_000 });

/** As a person starts it; its exit code. */
async function start(project: string, script: string, ...words: string[]): Promise<number> {
  const child = spawn('sh', [join(filesOf(project, 1), script), ...words], { cwd: '/', stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number];
  return code;
}

it.skipIf(process.platform === 'win32')(
  'a run is executed by scripts, two at a time, to the bits of one process',
  async () => {
    const whole = await tinyProject();
    await run(tinyRequest(whole), { inline: true });
    const { project, launch, elsewhere } = await launched(['launcher=script', 'workers=1']);
    expect({
      elsewhere,
      jobs: launch?.jobs.map(({ name, tasks, after }) => [name, tasks.length, after]),
    }).toEqual({
      elsewhere: true,
      jobs: [
        ['distill', 4, []],
        ['rank', 4, ['distill']],
        ['advance', 0, ['distill', 'rank']],
      ],
    });
    const files = filesOf(project, 1);
    expect(launch?.text?.split('\n')).toEqual([
      'distill: NUMBER is from 1 to 4, in any order, each on any machine that sees the folder:',
      `  sh ${files}/distill.sh NUMBER`,
      'rank, after distill: NUMBER is from 1 to 4, in any order, each on any machine that sees the folder:',
      `  sh ${files}/rank.sh NUMBER`,
      'At last, after distill and rank, to go on with the run:',
      `  sh ${files}/advance.sh`,
    ]);
    expect(textOf(project, 1, 'distill.sh')).toContain('--set workers=1');
    const codes = await Promise.all([
      start(project, 'distill.sh', '1'),
      start(project, 'distill.sh', '4'),
      start(project, 'distill.sh', '5'),
      start(project, 'rank.sh', '2'),
    ]);
    // There is no fifth task, and a cell is not rated before it is trained.
    expect(codes).toEqual([0, 0, 2, 75]);
    expect((await runStatus(folderOf(project))).stages).toEqual([
      { stage: 'distill', tasks: 4, finished: 2 },
      { stage: 'rank', tasks: 4, finished: 0 },
    ]);
    await execute(project, openTasks(project));
    const next = await advanceRun(folderOf(project), { inline: true });
    expect(next.launch?.jobs.map(({ name, tasks }) => [name, tasks])).toEqual([
      ['retrain', ['evaluate-teacher', 'retrain-found', 'retrain-random']],
      ['advance', []],
    ]);
    await execute(project, openTasks(project));
    expect((await advanceRun(folderOf(project), { inline: true })).summary).toBeDefined();
    expect(resultsOf(project)).toEqual(resultsOf(whole));
    expect(verifyRun(folderOf(project))).toMatchObject({ problems: [], unknown: [] });
  },
);
