import { resolveConfig } from 'dna-nas/configuration';
import type { ResolvedConfig } from 'dna-nas/core/config';
import type { DnaError } from 'dna-nas/errors';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { CAMPAIGN } from '../faults/extent.js';
import { WHOLE } from './project.js';

type Path = readonly (string | number)[];

/** What a value may turn into; those of its own kind are passed over. */
const OTHERS: readonly unknown[] = ['x1', 7.5, true, null, [], [1], {}, { x: 1 }];

const EDITS = { numRuns: CAMPAIGN ? 300 : 75 };

let valid: ResolvedConfig;

beforeAll(async () => {
  valid = await resolveConfig({ config: WHOLE });
});

/** Paths of all values, those in lists too. */
function paths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return path.length > 0 ? [path] : [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const deeper = entries.flatMap(([key, entry]) => paths(entry, [...path, key]));
  return path.length > 0 ? [path, ...deeper] : deeper;
}

const ALL = paths(WHOLE);
// The names of costs are known once the space is: `a misspelt cost` is a row of the table.
const KEYS = ALL.filter(
  (path) => typeof path.at(-1) === 'string' && !path.join('.').startsWith('search.limits.'),
);

/** A copy with one value changed, or taken out and put under another key. */
function edited(
  path: Path,
  change: (value: unknown, key: string | number) => [string | number, unknown],
): object {
  const copy = structuredClone(WHOLE) as unknown as Record<string, unknown>;
  let parent = copy;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
  const key = path.at(-1)!;
  const [name, value] = change(parent[key], key);
  if (name !== key) delete parent[key];
  parent[name] = value;
  return copy;
}

const kind = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

/** Either nothing has changed, or somebody is told. */
async function expectNoSilence(config: object): Promise<void> {
  const result = await resolveConfig({ config }).catch((error: DnaError) => error);
  if (result instanceof Error) {
    expect(result).toMatchObject({ name: 'DnaError', exitCode: 2 });
    expect(result.message).not.toMatch(/undefined|\[object/);
    return;
  }
  const { values, machine, name } = result;
  expect({ values, machine, name }).toEqual({
    values: valid.values,
    machine: valid.machine,
    name: valid.name,
  });
}

test('a misspelt key is never passed over', async () => {
  const misspelling = fc.record({
    path: fc.constantFrom(...KEYS),
    at: fc.nat(),
    letter: fc.constantFrom(...'abcdexyzS_-.'),
    how: fc.constantFrom('insert', 'delete', 'replace', 'swap'),
  });
  await fc.assert(
    fc.asyncProperty(misspelling, ({ path, at, letter, how }) =>
      expectNoSilence(
        edited(path, (value, key) => {
          const name = String(key);
          const place = at % name.length;
          const [before, after] = [name.slice(0, place), name.slice(place + 1)];
          if (how === 'insert') return [before + letter + name.slice(place), value];
          if (how === 'delete') return [before + after, value];
          if (how === 'replace') return [before + letter + after, value];
          return [before + (after[0] ?? letter) + name[place] + after.slice(1), value];
        }),
      ),
    ),
    EDITS,
  );
});

test('a value of another type is never passed over', async () => {
  const mistake = fc.record({ path: fc.constantFrom(...ALL), other: fc.constantFrom(...OTHERS) });
  await fc.assert(
    fc.asyncProperty(mistake, ({ path, other }) =>
      expectNoSilence(edited(path, (value, key) => [key, kind(value) === kind(other) ? value : other])),
    ),
    EDITS,
  );
});
