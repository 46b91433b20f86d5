import { describe, expect, test } from 'vitest';
import { read } from './sources.js';

const { madeApiFiles } = (await import(new URL('../../scripts/reference.mjs', import.meta.url).href)) as {
  madeApiFiles(): Record<string, string>;
};

describe('what is made of the declarations of all entries is up to date', () => {
  test.each(Object.entries(madeApiFiles()))('%s (made by `node scripts/reference.mjs`)', (name, text) => {
    expect(read(name)).toBe(text);
  });
});
