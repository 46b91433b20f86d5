import { describe, expect, test } from 'vitest';
import { read } from './sources.js';

const { referencePages } = (await import(new URL('../../scripts/reference.mjs', import.meta.url).href)) as {
  referencePages(): Promise<Record<string, string>>;
};

describe('docs/reference is what commands, schemas and hooks say', async () => {
  const pages = await referencePages();
  test.each(Object.entries(pages))('%s (made by `node scripts/reference.mjs`)', (name, text) => {
    expect(read(`docs/reference/${name}`)).toBe(`${text}\n`);
  });

  test('every hook is in it', async () => {
    const { createHooks } = await import('dna-nas/core');
    const missing = Object.keys(createHooks()).filter((hook) => !pages['hooks.md']!.includes(`\`${hook}\``));
    expect(missing).toEqual([]);
  });
});
