import { Ajv } from 'ajv';
import { runStatus } from 'dna-nas/run-tools/launch';
import { describe, expect, it, vi } from 'vitest';
import { JSON_SCHEMAS } from '../../dist/cli/json-schemas.js';
import { startDna } from '../cli/dna-process.js';
import { elsewhere, sharedProject } from '../run/shared-run.js';
import { folderOf, launched, useFakeSlurm } from './launched-run.js';

vi.setConfig({ testTimeout: 600_000 });

useFakeSlurm();

describe.skipIf(process.platform === 'win32')('dna status', () => {
  it('tells of a task that was stopped its step, its speed and the time left, and what Slurm has', async () => {
    const plugins = ['./signal-plugin.mjs'];
    const { project } = await launched(['launcher=slurm'], { project: await sharedProject(), plugins });
    // Saved at every step until it is told to stop.
    const stopping = elsewhere(project, 'train-b1-c1', { host: 'node-1', signal: 'SIGUSR2 8' });
    expect(await stopping.ended).toMatchObject({ code: 75 });
    const status = await runStatus(folderOf(project));
    expect(status).toMatchObject({
      run: 'tiny',
      complete: false,
      stages: [
        { stage: 'distill', tasks: 4, finished: 0 },
        { stage: 'rank', tasks: 4, finished: 0 },
      ],
      jobs: [{ name: 'advance', job: { id: '103', state: 'PENDING (Dependency)' } }],
    });
    const [stopped, next] = status.tasks;
    expect(stopped).toMatchObject({
      ...{ id: 'train-b1-c1', state: 'ready', steps: 36, lastWords: 'STOPPED' },
      job: { id: '101_0', state: 'PENDING (Priority)' },
    });
    const { step = 0, stepsPerSecond = 0, secondsLeft = 0 } = stopped!;
    expect(step).toBeGreaterThan(1);
    expect(secondsLeft).toBeCloseTo((36 - step) / stepsPerSecond, 6);
    expect(next?.step).toBeUndefined();
    const validate = new Ajv({ allErrors: true }).compile(JSON_SCHEMAS.status!);
    expect(validate(JSON.parse(JSON.stringify(status))) ? [] : validate.errors).toEqual([]);
    const { out } = await startDna(['status', folderOf(project)], { folder: project }).ended;
    expect(out.split('\n')[0]).toBe('The run tiny: distill 0/4, rank 0/4.');
    expect(out).toMatch(
      /^train-b1-c1 +ready +101_0 PENDING \(Priority\) +\d+\/36 +[\d.e+]+ +\d+ s +STOPPED$/m,
    );
  });
});
