import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { templateKinds } from '../../dist/cli/plugin-new.js';
import { sample } from '../faults/extent.js';
import { ROOT } from '../repository/sources.js';

const DNA = join(ROOT, 'bin/dna.js');

/** Of the tests that come with any plugin, at least. */
const LEAST_CHECKS = 5;

/** A project of a stranger with the built package in it, and one new plugin of each kind. */
let project: string;

function dna(...words: string[]) {
  return spawnSync(process.execPath, [DNA, ...words], { cwd: project, encoding: 'utf8' });
}

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'dna-scaffold-'));
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(ROOT, join(project, 'node_modules/dna-nas'), 'junction');
  symlinkSync(join(ROOT, 'node_modules/@types'), join(project, 'node_modules/@types'), 'junction');
  for (const kind of templateKinds()) {
    const { status, stdout, stderr } = dna('plugin', 'new', kind, 'mine');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`dna plugin test ./${kind}-mine/index.ts`);
  }
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('dna plugin new', () => {
  test('has templates of the kinds that its help names', () => {
    expect(templateKinds()).toEqual(['backend', 'data', 'loss', 'space']);
    expect(dna('plugin', 'new', '--help').stdout).toContain('backend, data, loss or space');
  });

  test('writes a package with the plugin, its test and words about it', () => {
    for (const kind of templateKinds()) {
      const folder = join(project, `${kind}-mine`);
      expect(readdirSync(folder).sort()).toEqual([
        'README.md',
        'index.test.js',
        'index.ts',
        'package.json',
        'tsconfig.json',
      ]);
      const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
      expect(texts.join('\n')).not.toMatch(/-template|'template'|KIND|VERSION|# NAME/);
      const { name, peerDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      expect(name).toBe(`${kind}-mine`);
      expect(peerDependencies['dna-nas']).toMatch(/^\^\d+\.\d+\.\d+$/);
    }
  });

  test('writes plugins whose own tests pass', () => {
    for (const kind of sample(templateKinds(), 1)) {
      const cwd = join(project, `${kind}-mine`);
      const { status, stdout } = spawnSync(process.execPath, ['--test'], { cwd, encoding: 'utf8' });
      expect(status, stdout).toBe(0);
      expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1]), kind).toBeGreaterThan(LEAST_CHECKS);
    }
  });

  test('writes code that a type checker takes', () => {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    for (const kind of templateKinds()) {
      const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', join(project, `${kind}-mine`)], {
        encoding: 'utf8',
      });
      expect(status, stdout).toBe(0);
    }
  });

  test('refuses what it cannot do and says why', () => {
    expect(dna('plugin', 'new', 'loss', 'mine').stderr).toContain('error FOLDER_TAKEN: ');
    expect(dna('plugin', 'new', 'los', 'mine').stderr).toContain('→ Did you mean loss?');
    expect(dna('plugin', 'new', 'loss', '../mine').stderr).toContain('→ Take a name such as loss-mine.');
  });
});

describe('dna plugin test', () => {
  test('prints a line a check and ends well', () => {
    const { status, stdout, stderr } = dna('plugin', 'test', './loss-mine/index.ts', '--set', 'power=1.5');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trim().split('\n');
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !/^ok {6}\S+ \S/.test(line))).toEqual([]);
  });

  test('says what failed, why, and what to do, and ends with 1', () => {
    const { status, stdout, stderr } = dna('plugin', 'test', './loss-mine/index.ts', '--set', 'power=-1');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^failed {2}loss-mine can be applied\n {10}.*power.*\n {8}→ \S/m);
    expect(stderr).toMatch(/^error PLUGIN_CHECKS_FAILED: 1 of \d+ checks failed\.\n→ /);
  });
});

test('dna plugin list shows the options of a file', () => {
  const { status, stdout } = dna('plugin', 'list', './loss-mine/index.ts');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^loss-mine: .*\n {2}power {2}The power\.\n +default 2; a number above 0$/m);
});
