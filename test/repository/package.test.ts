import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageVersion } from 'dna-nas/core';
import { builtInDefinition, builtInPlugins, builtInPresets } from 'dna-nas/core/plugin';
import { describe, expect, onTestFinished, test } from 'vitest';
import { files, ROOT, read, SHIPPED } from './sources.js';

const { exports, bin, version, license } = JSON.parse(read('package.json')) as {
  exports: Record<string, string | { types: string; default: string }>;
  bin: Record<string, string>;
  version: string;
  license: string;
};

/** What stands for `*` in a pattern of exports. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  './plugins/*': [...new Set(builtInPlugins().map((name) => builtInDefinition(name).folder))],
  './presets/*': builtInPresets(),
};

const entries = Object.entries(exports).flatMap(([name, value]) => {
  const paths = typeof value === 'string' ? [value] : [value.types, value.default];
  const stars = name.includes('*') ? NAMES[name]! : [''];
  return stars.map(
    (star) => [name.replace('*', star), paths.map((path) => path.replaceAll('*', star))] as const,
  );
});

describe('exports', () => {
  test.each(entries)('%s leads to built files', (_, paths) => {
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test.each(entries.filter(([name]) => !name.endsWith('.json')))(
    '%s can be imported',
    async (name, paths) => {
      const module = await import(`dna-nas${name.slice(1)}`);
      const types = read(String(paths[0])).match(/^export type /gm) ?? [];
      expect(Object.keys(module).length + types.length).toBeGreaterThan(0);
    },
  );
});

describe('bin', () => {
  test('runs', () => {
    const { status, stdout } = spawnSync(process.execPath, [join(ROOT, bin.dna!), '--version'], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${version}\n` });
    expect(packageVersion()).toBe(version);
  });

  // The registry has another package named dna: in a clone, npx must not ask for it.
  test('is what npx runs in a clone, with an empty cache and without a network', () => {
    const cache = mkdtempSync(join(tmpdir(), 'dna-npx-'));
    onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
    const { status, stdout, stderr } = spawnSync('npx', ['--offline', 'dna', '--version'], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, npm_config_cache: cache },
      shell: process.platform === 'win32',
    });
    expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: `${version}\n` });
  });
});

test('the licence is the one that is named', () => {
  expect(license).toBe('MIT');
  expect(read('LICENSE')).toMatch(/^MIT License\n/);
});

test('the notices name every package that is installed beside it, with its licence', () => {
  const { dependencies, optionalDependencies } = JSON.parse(read('package.json'));
  const notices = read('THIRD-PARTY.md');
  const names = Object.keys({ ...dependencies, ...optionalDependencies });
  const missing = names.filter((name) => {
    const { license } = JSON.parse(read(`node_modules/${name}/package.json`));
    const optional = name in optionalDependencies ? ' (optional)' : '';
    return !notices.includes(`| \`${name}\`${optional} | ${license} |`);
  });
  expect(missing).toEqual([]);
});

test('the changelog and the citation are of this version', () => {
  expect(read('CHANGELOG.md')).toMatch(
    new RegExp(`^## ${version} \\((unreleased|\\d{4}-\\d\\d-\\d\\d)\\)$`, 'm'),
  );
  expect(read('CITATION.cff')).toContain(`\nversion: ${version}\n`);
});

test('no file that is written by hand is longer than 300 lines', () => {
  const sources = [...SHIPPED, 'test', 'examples', 'bench', 'scripts'].flatMap((folder) =>
    files(folder, /\.(ts|mjs)$/),
  );
  const long = sources
    .filter((file) => !read(file).startsWith('// Made by scripts/'))
    .map((file) => [file, read(file).split('\n').length - 1] as const)
    .filter(([, n]) => n > 300);
  expect(long).toEqual([]);
});
