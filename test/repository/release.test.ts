import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, read } from './sources.js';

const { changelogProblems, contentProblems, manifestProblems, versionProblems } = await import(
  new URL('../../scripts/release/checks.mjs', import.meta.url).href
);

const manifest = JSON.parse(read('package.json')) as { version: string; files: string[] };
const { version } = manifest;

test('a changelog without a date, or of another version, is no release', () => {
  const changelog = read('CHANGELOG.md');
  const dated = changelog.replace(/^## .*$/m, `## ${version} (2026-01-31)`);
  expect(changelogProblems(dated, version)).toEqual([]);
  const undated = changelog.replace(/^## .*$/m, `## ${version} (unreleased)`);
  expect(changelogProblems(undated, version)).toEqual([
    expect.stringContaining(`"## ${version} (unreleased)"; expected "## ${version} (YYYY-MM-DD)"`),
  ]);
  expect(changelogProblems(dated, '99.0.0')).toHaveLength(1);
  expect(changelogProblems(`## ${version} (2026-13-01)`, version)).toHaveLength(1);
  expect(changelogProblems('', version)).toHaveLength(1);
});

test('every place tells the version of package.json', () => {
  const places = { lock: JSON.parse(read('package-lock.json')), citation: read('CITATION.cff') };
  expect(versionProblems(places, version)).toEqual([]);
  expect(versionProblems(places, '99.0.0')).toEqual([
    expect.stringContaining('package-lock.json'),
    expect.stringContaining('CITATION.cff'),
  ]);
});

test('nothing of ours runs where the package is installed', () => {
  expect(manifestProblems(manifest)).toEqual([]);
  expect(manifestProblems({ scripts: { postinstall: 'node download.mjs' } })).toEqual([
    expect.stringContaining('postinstall'),
  ]);
});

test('what is packed and neither tracked nor built is told, and what is missing', () => {
  const files = ['dist', 'docs'];
  const tracked = ['docs/a.md', 'test/a.test.ts', 'docs-old/b.md'];
  const sound = ['package.json', 'README.md', 'LICENSE', 'docs/a.md', 'dist/index.js'];
  const built = ['dist/index.js'];
  expect(contentProblems({ packed: sound, tracked, built, files })).toEqual([]);
  const packed = [...sound.filter((path) => path !== 'docs/a.md'), 'docs/.env', 'dist/old.js'];
  expect(contentProblems({ packed, tracked, built, files })).toEqual([
    'docs/.env would be packed and is neither tracked nor built.',
    'dist/old.js would be packed and is neither tracked nor built.',
    'docs/a.md would not be packed.',
  ]);
});

test('the script ends before it builds where it is asked for something else', () => {
  const words = [join(ROOT, 'scripts/release.mjs'), '--puhlish'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: '',
    stderr: 'Usage: node scripts/release.mjs [--publish]\n',
  });
});
