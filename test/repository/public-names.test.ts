import { describe, expect, test } from 'vitest';
import { usedNames } from './uses.js';

interface Exported {
  readonly name: string;
  readonly isType: boolean;
  readonly doc: string;
  readonly text: string;
}

const { publicEntries } = (await import(new URL('../../scripts/api.mjs', import.meta.url).href)) as {
  publicEntries(): readonly { entry: string; doc: string; exported: readonly Exported[] }[];
};
const entries = publicEntries();
const used = usedNames();

/** Entries whose names nobody has to import: programs choose among them, and configurations name presets. */
const OFFERED = new Set(['dna-nas', 'dna-nas/presets']);
const all = entries.flatMap(({ entry, exported }) => exported.map((each) => ({ ...each, entry })));
const isNamed = ({ isType, text }: Exported) => isType || /^(abstract )?class /.test(text);

/** What is imported somewhere, and types and classes that its declarations name, and so on. */
const reached = new Set(all.filter(({ entry, name }) => OFFERED.has(entry) || used.get(entry)?.has(name)));
for (const { text } of reached) {
  const words = new Set(text.match(/\w+/g));
  for (const each of all) if (isNamed(each) && words.has(each.name)) reached.add(each);
}

describe.each(entries)('$entry', ({ entry, doc, exported }) => {
  const names = exported.map(({ name, isType }) => (isType ? `type ${name}` : name)).sort();

  test('exports these names', () => {
    expect(names).toMatchSnapshot();
  });

  test('says what it is for, and exports at most a hundred names', () => {
    expect(doc).not.toBe('');
    expect(names.length).toBeLessThanOrEqual(100);
  });

  test('exports only what is imported somewhere, and types of it', () => {
    const own = all.filter((each) => each.entry === entry);
    expect(own.filter((each) => !reached.has(each)).map(({ name }) => name)).toEqual([]);
  });
});

test('a name of core or nn has one entry', () => {
  const names = all.filter(({ entry }) => /^dna-nas\/(core|nn)\b/.test(entry)).map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
