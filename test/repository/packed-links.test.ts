/** What the package holds: every page that is packed leads to files that are packed too. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { files, ROOT, read, SHIPPED } from './sources.js';

const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: ROOT,
  encoding: 'utf8',
  maxBuffer: 1e8,
  shell: process.platform === 'win32',
});
const [pack] = JSON.parse(stdout) as [{ files: { path: string }[] }];
const packed = new Set(pack.files.map(({ path }) => path));
for (const path of [...packed])
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) packed.add(folder);

/** Links to files, as paths in the repository; code blocks are no text. */
function linksOf(page: string): string[] {
  const text = read(page).replaceAll(/```[\s\S]*?```/g, '');
  const targets = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target!);
  return targets
    .filter((target) => !/^([a-z]+:|#)/.test(target))
    .map((target) => join(dirname(page), target.split('#')[0]!).replaceAll('\\', '/').replace(/\/$/, ''));
}

test('every link of a packed page leads to a packed file', () => {
  const pages = [...packed].filter((path) => path.endsWith('.md'));
  const links = pages.flatMap((page) => linksOf(page).map((link) => `${page} -> ${link}`));
  expect(links.length).toBeGreaterThan(300);
  expect(links.filter((link) => !packed.has(link.split(' -> ')[1]!))).toEqual([]);
});

test('sources are packed, which maps of the compiled code and stacks refer to', () => {
  const sources = SHIPPED.flatMap((folder) => files(folder, /\.ts$/));
  expect(sources.length).toBeGreaterThan(500);
  expect(sources.filter((path) => !packed.has(path))).toEqual([]);
});
