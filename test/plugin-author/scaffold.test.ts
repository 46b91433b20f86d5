import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { templateKinds } from '../../dist/cli/plugin-new.js';
import { listen } from '../backend-install/listen.js';
import { CAMPAIGN, sample } from '../faults/extent.js';
import { ROOT } from '../repository/sources.js';

const DNA = join(ROOT, 'bin/dna.js');

/** Of the tests that come with any plugin, at least. */
const LEAST_CHECKS = 5;

/** A project of a stranger with the built package in it, and one new plugin of each kind. */
let project: string;

/** The command line in this process: `new` and `list` start nothing. */
const dna = (...words: string[]) => listen(words, project, { NO_COLOR: '1' });

/** In a process of its own, as backends are started. */
function dnaAlone(...words: string[]) {
  return spawnSync(process.execPath, [DNA, ...words], { cwd: project, encoding: 'utf8' });
}

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'dna-scaffold-'));
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(ROOT, join(project, 'node_modules/dna-nas'), 'junction');
  symlinkSync(join(ROOT, 'node_modules/@types'), join(project, 'node_modules/@types'), 'junction');
  for (const kind of templateKinds()) {
    const { code, text } = await dna('plugin', 'new', kind, 'mine');
    expect(code, text).toBe(0);
    expect(text).toContain(`dna plugin test ./${kind}-mine/index.ts`);
  }
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('dna plugin new', () => {
  test('has templates of the kinds that its help names', async () => {
    expect(templateKinds()).toEqual(['backend', 'data', 'loss', 'space']);
    expect((await dna('plugin', 'new', '--help')).text).toContain('backend, data, loss or space');
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
      const { status, stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap'], {
        cwd,
        encoding: 'utf8',
      });
      expect(status, stdout).toBe(0);
      expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1]), kind).toBeGreaterThan(LEAST_CHECKS);
    }
  });

  test('writes code that a type checker takes', () => {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const folders = templateKinds().map((kind) => `${kind}-mine`);
    // One program of all is checked at once where there is no time for each alone.
    const all = { extends: `./${folders[0]}/tsconfig.json`, include: folders.map((name) => `${name}/*`) };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(all));
    for (const folder of CAMPAIGN ? folders : ['.']) {
      const words = [tsc, '-p', join(project, folder)];
      const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
      expect(status, stdout).toBe(0);
    }
  });

  test('refuses what it cannot do and says why', async () => {
    expect((await dna('plugin', 'new', 'loss', 'mine')).text).toContain('error FOLDER_TAKEN: ');
    expect((await dna('plugin', 'new', 'los', 'mine')).text).toContain('→ Did you mean loss?');
    expect((await dna('plugin', 'new', 'loss', '../mine')).text).toContain(
      '→ Take a name such as loss-mine.',
    );
  });
});

describe('dna plugin test', () => {
  test('prints a line a check and ends well', () => {
    const { status, stdout, stderr } = dnaAlone(
      'plugin',
      'test',
      './loss-mine/index.ts',
      '--set',
      'power=1.5',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trim().split('\n');
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !/^ok {6}\S+ \S/.test(line))).toEqual([]);
  });

  test('says what failed, why, and what to do, and ends with 1', () => {
    const { status, stdout, stderr } = dnaAlone(
      'plugin',
      'test',
      './loss-mine/index.ts',
      '--set',
      'power=-1',
    );
    expect(status).toBe(1);
    expect(stdout).toMatch(/^failed {2}loss-mine can be applied\n {10}.*power.*\n {8}→ \S/m);
    expect(stderr).toMatch(/^error PLUGIN_CHECKS_FAILED: 1 of \d+ checks failed\.\n→ /);
  });
});

test('dna plugins shows the options of a file', async () => {
  const { code, text } = await dna('plugins', './loss-mine/index.ts');
  expect(code).toBe(0);
  expect(text).toMatch(/^loss-mine: .*\n {2}power {2}The power\.\n +default 2; a number above 0$/m);
});
