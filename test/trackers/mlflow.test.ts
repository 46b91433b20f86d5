import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportMlflow, Sender, type SenderOptions } from 'dna-nas/plugins/report-mlflow';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../report/fake-run.js';
import { fakeMlflow } from './mlflow-server.js';
import { applied, lossOf, STEPS, TASKS, tellRun } from './sample.mjs';

let runs: string;
let folder: string;

beforeEach(() => {
  runs = temporaryFolder();
  folder = join(runs, 'sample');
  mkdirSync(folder);
});

/** One start of the run; what it noticed. */
async function start(server: string, { from = 0, seconds = 2000 } = {}) {
  const hooks = applied(reportMlflow({ server, experiment: 'searches' }), runs);
  const noticed: string[] = [];
  hooks.noticed.tap('test', (text) => void noticed.push(text));
  await tellRun(hooks, { folder, from, seconds });
  return noticed;
}

describe('a server', () => {
  it('is told every loss, measurement, rating and result, and the options, of a run of its experiment', async () => {
    const { server, address } = await fakeMlflow();
    expect(await start(`${address}/`)).toEqual([]);
    expect(server.experiments).toEqual(['searches']);
    expect(server.runs).toEqual([{ name: 'sample', status: 'FINISHED' }]);
    const of = (key: string) =>
      server.metrics.filter((one) => one.key === key).map(({ step, value }) => [step, value]);
    for (const task of TASKS)
      expect(of(`loss/${task}`)).toEqual(
        Array.from({ length: STEPS }, (_, step) => [step, lossOf(task, step)]),
      );
    expect(of('epoch-top1/retrain-found')).toEqual([[1, 0.75]]);
    expect(of('ratings/block-1-cell-1-best')).toEqual([[1, 0.25]]);
    expect(of('result/rating')).toEqual([[0, 0.125]]);
    expect(of('result/macs-found')).toEqual([[0, 20_000]]);
    expect(Object.fromEntries(server.params)).toEqual({
      ...{ version: '0.2.0', preset: 'quickstart', seed: '7', 'distill.use': 'blockwise' },
      ...{ 'distill.epochs': '0.5', 'distill.decay': '0', 'distill.fair': 'false' },
    });
  });

  it('has no step twice and none missing after a resume, in the same run', async () => {
    const { server, address } = await fakeMlflow();
    const hooks = applied(reportMlflow({ server: address, experiment: 'searches' }), runs);
    await tellRun(hooks, { folder, until: 7 });
    await vi.waitUntil(() => server.metrics.length > 0, { timeout: 20_000 });
    await hooks.runFailed.promise(Object.assign(new Error('stopped'), { code: 'STOPPED' }));
    expect(server.runs[0]!.status).toBe('KILLED');
    await start(address, { from: 3 });
    expect(server.runs).toEqual([{ name: 'sample', status: 'FINISHED' }]);
    expect(server.twice).toEqual([]);
    expect(server.metrics.filter(({ key }) => key.startsWith('loss/'))).toHaveLength(STEPS * TASKS.length);
    expect(JSON.parse(readFileSync(join(folder, 'mlflow.json'), 'utf8'))).toEqual({ runId: 'run-0' });
  });

  it('is told who asks, as MLflow’s own clients do', async () => {
    const { server, address } = await fakeMlflow();
    vi.stubEnv('MLFLOW_TRACKING_USERNAME', 'ada');
    vi.stubEnv('MLFLOW_TRACKING_PASSWORD', 'engine');
    vi.stubEnv('MLFLOW_TRACKING_URI', address);
    try {
      const hooks = applied(reportMlflow(), runs);
      await tellRun(hooks, { folder });
    } finally {
      vi.unstubAllEnvs();
    }
    expect(server.experiments).toEqual(['dna']);
    expect([...server.authorizations]).toEqual([`Basic ${Buffer.from('ada:engine').toString('base64')}`]);
    expect(readFileSync(join(folder, 'mlflow.json'), 'utf8')).not.toContain('engine');
  });
});

describe('a server that is not well', () => {
  it.each([
    ['hangs', /cannot be told of the run now: .*(does not answer|aborted)/],
    ['fails', /cannot be told of the run now: it answered 500\. The run goes on/],
    ['refuses', /^Nothing more is told to the MLflow server .*: it answered 403\.$/],
  ] as const)('ends no run: it %s', async (mood, words) => {
    const { server, address } = await fakeMlflow();
    server.moods = [mood];
    const noticed = await start(address, { seconds: 1 });
    expect(server.requests).toBeGreaterThan(0);
    expect(server.metrics).toEqual([]);
    if (mood !== 'hangs') expect(noticed[0]).toMatch(words);
    expect(noticed.at(-1)).toMatch(/values were not told to the MLflow server; `dna report .*sample`/);
    expect(noticed.length).toBeLessThanOrEqual(2);
  });

  it('ends no run: it is not there', async () => {
    const { server, address } = await fakeMlflow();
    server.stop();
    const noticed = await start(address);
    expect(noticed[0]).toMatch(/cannot be told of the run now: .*ECONNREFUSED/);
  });

  it('is told the rest once it is well, and nothing twice that it had kept without saying so', async () => {
    const { server, address } = await fakeMlflow();
    const noticed: string[] = [];
    const sender = new Sender(optionsOf(address, noticed));
    // The experiment is not found, then it and the run are made; the values are kept and the answer is lost.
    server.moods = ['answers', 'answers', 'answers', 'loses', 'fails', 'hangs', 'answers'];
    for (let step = 0; step < 5; step++) sender.add('loss', step, step);
    await vi.waitUntil(() => server.metrics.length > 0, { timeout: 20_000 });
    for (let step = 5; step < 9; step++) sender.add('loss', step, step);
    await vi.waitUntil(() => sender.waiting === 0, { timeout: 20_000 });
    await sender.close('FINISHED', 20_000);
    expect(server.metrics.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(server.runs).toEqual([{ name: 'one', status: 'FINISHED' }]);
    expect(noticed).toEqual([
      expect.stringMatching(/it answered 502/),
      expect.stringMatching(/told of the run again/),
    ]);
  });
});

function optionsOf(server: string, noticed: string[]): SenderOptions {
  return {
    ...{ server, headers: {}, experiment: 'searches', name: 'one', params: [], runId: undefined },
    keepRunId: () => undefined,
    noticed: (text) => void noticed.push(text),
    times: { every: 1, request: 500, after: [1, 10] },
  };
}
