// Tells a real MLflow server (PyPI `mlflow`, on the loopback address, its data in SQLite) of a run by report-mlflow, stops
// the run and goes back to a checkpoint, and asks the server what it has: node scripts/mlflow-reference.mjs
// Without pip it is skipped; DNA_MLFLOW names a folder that has the package. Builds on dist/: `node scripts/build.mjs` first.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RUN_FILE, reportMlflow } from 'dna-nas/plugins/report-mlflow';
import { applied, lossOf, STEPS, TASKS, tellRun } from '../test/trackers/sample.mjs';
import { pipFolder } from './pip-folder.mjs';

const PACKAGE = 'mlflow==3.17.2';
const MINUTES = 4;

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** The server once it answers. */
async function startServer(folder, env) {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const place = ['--backend-store-uri', `sqlite:///${folder}/mlflow.db`, '--artifacts-destination', folder];
  const words = [
    '-m',
    'mlflow',
    'server',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--workers',
    '1',
    ...place,
  ];
  const log = openSync(join(folder, 'server.log'), 'w');
  const child = spawn('python3', words, { env, cwd: folder, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  const stop = () => process.kill(-child.pid, 'SIGKILL');
  for (const end = Date.now() + MINUTES * 60_000; Date.now() < end; await pause(500)) {
    if (child.exitCode !== null) break;
    const isUp = await fetch(`${address}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return { address, stop };
  }
  if (child.exitCode === null) stop();
  throw new Error(
    `the server does not start:\n${readFileSync(join(folder, 'server.log'), 'utf8').slice(-2000)}`,
  );
}

async function ask(address, path) {
  const response = await fetch(`${address}/api/2.0/mlflow/${path}`);
  assert.equal(response.status, 200, path);
  return response.json();
}

/** All that the server has of a metric. */
async function history(address, runId, key) {
  const query = new URLSearchParams({ run_id: runId, metric_key: key });
  const { metrics = [] } = await ask(address, `metrics/get-history?${query}`);
  return metrics.map(({ step, value }) => [Number(step), value]).sort(([one], [other]) => one - other);
}

const temporary = mkdtempSync(join(tmpdir(), 'dna-mlflow-'));
const env = pipFolder(PACKAGE, { folder: join(temporary, 'packages'), given: process.env.DNA_MLFLOW });
const { address, stop } = await startServer(temporary, env);
try {
  const folder = join(temporary, 'sample');
  mkdirSync(folder);
  const start = () => applied(reportMlflow({ server: address, experiment: 'searches' }), temporary);
  const first = start();
  await tellRun(first, { folder, until: 7 });
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(100))
    if (await ask(address, 'experiments/get-by-name?experiment_name=searches').catch(() => undefined)) break;
  await pause(3000);
  await first.runFailed.promise(Object.assign(new Error('stopped'), { code: 'STOPPED' }));
  await tellRun(start(), { folder, from: 3 });

  const { runId } = JSON.parse(readFileSync(join(folder, RUN_FILE), 'utf8'));
  const { run } = await ask(address, `runs/get?run_id=${runId}`);
  assert.equal(run.info.status, 'FINISHED');
  assert.equal(run.info.run_name, 'sample');
  for (const task of TASKS) {
    const losses = Array.from({ length: STEPS }, (_, step) => [step, lossOf(task, step)]);
    assert.deepEqual(await history(address, runId, `loss/${task}`), losses);
  }
  assert.deepEqual(await history(address, runId, 'result/top1-found'), [[0, 0.75]]);
  const params = Object.fromEntries(run.data.params.map(({ key, value }) => [key, value]));
  assert.equal(params['distill.epochs'], '0.5');
  assert.equal(params.seed, '7');
  console.log(`${PACKAGE} has every step of a run that was stopped once, and none twice`);
} finally {
  stop();
  rmSync(temporary, { recursive: true, force: true });
}
