import { describe, expect, test } from 'vitest';
import { read } from './sources.js';

const { madeFiles } = (await import(new URL('../../scripts/reference.mjs', import.meta.url).href)) as {
  madeFiles(): Promise<Record<string, string>>;
};

describe('what is made of commands, schemas and hooks is up to date', async () => {
  const made = await madeFiles();
  test.each(Object.entries(made))('%s (made by `node scripts/reference.mjs`)', (name, text) => {
    expect(read(name)).toBe(text);
  });

  test('every hook is in it', async () => {
    const { createHooks } = await import('dna-nas/core');
    const missing = Object.keys(createHooks()).filter(
      (hook) => !made['docs/reference/hooks.md']!.includes(`\`${hook}\``),
    );
    expect(missing).toEqual([]);
  });
});
