import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createHooks } from 'dna-nas/core';
import { describe, expect, test } from 'vitest';
import { documents } from './documents.js';
import { files, ROOT, read, SHIPPED } from './sources.js';

describe('hooks', () => {
  const source = read('core/hooks.ts');
  const architecture = read('ARCHITECTURE.md');

  test.each(Object.keys(createHooks()))('%s is documented', (hook) => {
    expect(source).toMatch(new RegExp(`/\\*\\* [^\\n]+\\*/\\n  readonly ${hook}: `));
    expect(architecture).toContain(`\`${hook}\``);
  });

  test('ARCHITECTURE.md names no hook that does not exist', () => {
    const named = [...architecture.matchAll(/`(resolve[A-Z]\w+)`/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in createHooks()))).toEqual([]);
  });
});

describe('error codes', () => {
  const thrown = new Set(
    SHIPPED.flatMap((folder) => files(folder, /\.ts$/))
      .flatMap((file) => [...read(file).matchAll(/new DnaError\(\s*'([A-Z][A-Z_]*)'/g)])
      .map(([, code]) => code!),
  );
  const rows = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` *\|([^|]+)\|([^|]+)\|$/gm)];

  test('are found', () => expect(thrown.size).toBeGreaterThan(30));

  test('each stands in docs/errors.md once, with its meaning and what to do', () => {
    expect(rows.map(([, code]) => code).sort()).toEqual([...thrown].sort());
    for (const [, code, meaning, fix] of rows) {
      expect(meaning!.trim().length, `meaning of ${code}`).toBeGreaterThan(10);
      expect(fix!.trim().length, `fix of ${code}`).toBeGreaterThan(10);
    }
  });
});

describe.each(documents())('%s', (document) => {
  const text = read(document).replaceAll(/^```[\s\S]*?^```$/gm, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);

  test('links to files and headings that exist', () => {
    const broken = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path = '', heading] = link.split('#');
        const file = path === '' ? document : join(dirname(document), path);
        if (!existsSync(join(ROOT, file))) return true;
        return heading !== undefined && !headings(read(file)).includes(heading);
      });
    expect(broken).toEqual([]);
  });
});

/** Anchors of a document's headings, as GitHub makes them. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
