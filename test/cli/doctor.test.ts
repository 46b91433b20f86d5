import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInBackends } from 'dna-nas/configuration';
import { expect, onTestFinished, test } from 'vitest';
import { checkData, checkWriting } from '../../dist/cli/doctor/files.js';
import { checkDisk, checkMemory, checkNode } from '../../dist/cli/doctor/machine.js';
import { ROOT } from '../repository/sources.js';

interface Finding {
  readonly check: string;
  readonly level: string;
  readonly found: string;
  readonly fix?: string;
}

function folder(): string {
  const made = realpathSync(mkdtempSync(join(tmpdir(), 'dna-doctor-')));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function doctor(...words: string[]) {
  const given = [join(ROOT, 'bin/dna.js'), 'doctor', ...words];
  return spawnSync(process.execPath, given, { cwd: folder(), encoding: 'utf8' });
}

test('looks at everything that a run needs, and says what to do', () => {
  const { status, stdout, stderr } = doctor('--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { ready, checks } = JSON.parse(stdout) as { ready: boolean; checks: Finding[] };
  expect(ready).toBe(true);
  const backends = builtInBackends().map((name) => `backend ${name}`);
  expect(checks.map(({ check }) => check)).toEqual([
    'Node',
    'threads',
    'memory',
    'disk',
    'write access',
    'data of the quickstart',
    ...backends,
  ]);
  for (const { level, fix } of checks) expect(fix === undefined).toBe(level === 'ok');
});

test('prints a line a check and a block for a bug report that names neither people nor places', () => {
  const { status, stdout } = doctor();
  expect(status).toBe(0);
  const [lines, block] = stdout.split('For a bug report, without names and paths:\n\n```text\n');
  expect(lines!.match(/^(ok|note|failed) +\S/gm)!.length).toBe(6 + builtInBackends().length);
  expect(block).toMatch(/^dna-nas \d+\.\d+\.\d+\n(\S+ [^\n]+: [^\n]+\n)+```\n$/);
  for (const secret of [homedir(), hostname(), tmpdir()])
    if (secret.length > 2) expect(block).not.toContain(secret);
  expect(block).not.toMatch(/(^|\s)\/\w/);
});

test('each check can fail, with its fix', () => {
  expect(checkNode('18.19.0')).toMatchObject({
    level: 'failed',
    found: 'version 18.19.0',
    fix: 'Install Node 20.15 or newer, of Node 22 22.2 or newer, say from nodejs.org.',
  });
  const judged = (version: string) => [version, checkNode(version).level];
  expect(['20.14.0', '20.15.0', '21.7.0', '22.1.0', '22.2.0', '24.0.0'].map(judged)).toEqual([
    ['20.14.0', 'failed'],
    ['20.15.0', 'ok'],
    ['21.7.0', 'failed'],
    ['22.1.0', 'failed'],
    ['22.2.0', 'ok'],
    ['24.0.0', 'ok'],
  ]);
  expect(checkMemory(5e8)).toMatchObject({ level: 'note', found: expect.stringMatching(/^0\.5 GB free/) });
  expect(checkDisk(join(folder(), 'nowhere'))).toMatchObject({
    level: 'note',
    fix: expect.stringContaining('df'),
  });
  expect(checkWriting(join(folder(), 'nowhere'))).toMatchObject({
    level: 'failed',
    fix: expect.stringContaining('--set runs='),
  });
});

test('a damaged cache of the data is found', () => {
  const project = folder();
  const cache = join(project, '.cache/dna-nas/fashion-mnist');
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'images'), 'x');
  writeFileSync(join(cache, 'sha256.json'), JSON.stringify({ images: 'another' }));
  expect(checkData(project)).toMatchObject({ level: 'failed', found: 'images in the cache is damaged' });
  writeFileSync(join(cache, 'sha256.json'), '{');
  expect(checkData(project)).toMatchObject({
    level: 'failed',
    found: 'the cache in this folder cannot be read',
  });
});
