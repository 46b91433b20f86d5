import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MAIN = join(import.meta.dirname, '../../scripts/gpu-check/main.mjs');

let folder: string;
let report: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dna-gpu-check-'));
  report = join(folder, 'report.json');
});
afterAll(() => rmSync(folder, { recursive: true }));

function gpuCheck(...words: string[]) {
  const command = [MAIN, '--report', report, ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

function readParts(): Record<string, { status: string; finished: string; rows: object[] }> {
  return JSON.parse(readFileSync(report, 'utf8')).parts;
}

const gpuIsHere = existsSync('/dev') && readdirSync('/dev').some((name) => /^nvidia\d+$/.test(name));

test.skipIf(gpuIsHere)('without a GPU one sentence says so', () => {
  const { status, stdout, stderr } = gpuCheck();
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(/needs an NVIDIA GPU .*this machine has none.*--fake/);
});

test('a part that there is not is named, with those that there are', () => {
  const { status, stderr } = gpuCheck('--device', 'cpu', '--only', 'speed');
  expect(status).toBe(2);
  expect(stderr).toContain('There is no part speed; the parts are driver, installation, conformance');
});

test('parts run by name, and the report keeps the others', () => {
  expect(gpuCheck('--device', 'cpu', '--only', 'driver').status).toBe(0);
  const first = readParts();
  expect(Object.keys(first)).toEqual(['driver']);
  const { stdout } = gpuCheck('--device', 'cpu', '--only', 'installation');
  const parts = readParts();
  expect(parts.driver).toEqual(first.driver);
  expect(Object.keys(parts)).toEqual(['driver', 'installation']);
  expect(stdout).toMatch(/^installation +the torch backend is installed +(ok|FAILED)$/m);
});

test('an interrupted check goes on with the parts that have no result, and with those that failed', () => {
  const found = JSON.parse(readFileSync(report, 'utf8'));
  const done = { status: 'ok', seconds: 1, budget: 1, finished: 'before', rows: [], cuts: [], data: {} };
  const others = ['conformance', 'kernels', 'steps', 'losses', 'out-of-memory', 'leaks', 'determinism'];
  found.parts = { ...Object.fromEntries(others.map((name) => [name, done])) };
  found.parts.installation = { ...done, status: 'failed', rows: [{ what: 'x', verdict: 'failed' }] };
  writeFileSync(report, JSON.stringify(found));
  const { stderr } = gpuCheck('--device', 'cpu');
  expect(stderr).toContain(`kept from ${report}: ${others.join(', ')}`);
  const parts = readParts();
  expect(parts.driver!.finished).not.toBe('before');
  expect(parts.installation!.finished).not.toBe('before');
  for (const name of others) expect(parts[name]).toEqual(done);
});

test('results of another device are not kept', () => {
  const { stderr } = gpuCheck('--device', 'cpu', '--fake', '--only', 'driver');
  expect(stderr).not.toContain('kept');
  expect(Object.keys(readParts())).toEqual(['driver']);
});

test('a check that is interrupted ends at once, with its part, and keeps what it had', async () => {
  expect(gpuCheck('--device', 'cpu', '--only', 'driver').status).toBe(0);
  const words = [MAIN, '--report', report, '--device', 'cpu', '--only', 'conformance'];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (text) => {
    told += text;
    if (told.includes('conformance, at most')) child.kill('SIGINT');
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(130);
  expect(told).toContain('the same command goes on with the parts that have no result');
  expect(Object.keys(readParts())).toEqual(['driver']);
});
