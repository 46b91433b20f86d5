import { describe, expect, test } from 'vitest';
import { read } from './sources.js';

interface Block {
  readonly note: string;
  readonly language: string;
  readonly content: string;
}

const { blocksOf, pages } = (await import(
  new URL('../../scripts/docs-commands.mjs', import.meta.url).href
)) as {
  blocksOf(text: string): Block[];
  pages(): string[];
};

test('the reader of blocks reads blocks', () => {
  const text = 'a\n\n<!-- not run: why -->\n\n```sh\ndna x\n```\n\n```ts\nlet a;\n```\n';
  expect(blocksOf(text)).toEqual([
    { note: 'not run: why', language: 'sh', content: 'dna x\n' },
    { note: '', language: 'ts', content: 'let a;\n' },
  ]);
});

describe.each(pages())('%s', (page) => {
  test('says of each block of commands that is not run why', () => {
    for (const { note, language } of blocksOf(read(page))) {
      if (note !== '') expect(note).toMatch(/^(file|ends with|not run): \S|^Made by /);
      // A command in a block of no language would be run by nobody.
      expect(['sh', 'ts', 'js', 'json', 'csv', 'yaml', 'text', 'html', 'python']).toContain(language);
    }
  });
});

test('docs/README.md leads to every page', () => {
  const index = read('docs/README.md');
  const lost = pages()
    .filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
    .filter((page) => !index.includes(`](${page.slice('docs/'.length)})`));
  expect(lost).toEqual([]);
});

test('CI runs the commands of the docs, and the package on the versions of Node that it is for', () => {
  expect(read('.ci/run')).toContain('node scripts/docs-commands.mjs');
  expect(read('.ci/run')).toContain('node scripts/package.mjs 22 24');
});
