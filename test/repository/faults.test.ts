import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './sources.js';

/** A fault of scripts/mutation: a change of a built file, and the tests that fail by it. */
interface ListedFault {
  readonly fault: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly test: string;
}

const LISTS = ['method-faults', 'store-faults', 'whole-run-faults'];

test.each(LISTS)('every fault of %s still applies, and its tests are there', async (list) => {
  const faults = Object.values(await import(join(ROOT, `scripts/mutation/${list}.mjs`)))[0] as ListedFault[];
  expect(faults.length).toBeGreaterThan(0);
  for (const { fault, file, from, to, test: tests } of faults) {
    const text = readFileSync(join(ROOT, 'dist', file), 'utf8');
    expect(text.split(from).length - 1, `${fault} (${file})`).toBe(1);
    expect(to, fault).not.toBe(from);
    expect(existsSync(join(ROOT, tests)), fault).toBe(true);
  }
});

const EXTENT = 'test/faults/extent.ts';

/** Whether a module of the tests imports another, itself or through what it imports. */
function imports(file: string, wanted: string, seen = new Set<string>()): boolean {
  if (file === wanted) return true;
  if (seen.has(file) || !existsSync(join(ROOT, file))) return false;
  seen.add(file);
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/from '(\.[^']+)\.js'/g)].some(([, path]) =>
    imports(relative(ROOT, join(ROOT, dirname(file), `${path}.ts`)), wanted, seen),
  );
}

test('CI runs in full every test of which npm test has a sample', () => {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/${file}`)
    .filter((file) => imports(file, EXTENT));
  expect(files).toContain('test/faults/whole-run-first.test.ts');
  const stages = [
    ['.ci/run', /^whole_samples\(\) \{[^}]*\}/m],
    ['scripts/faults.mjs', /^const TESTS = \[[^\]]*\]/m],
  ] as const;
  const named = stages.flatMap(([file, stage]) => {
    const [text] = stage.exec(readFileSync(join(ROOT, file), 'utf8')) ?? [''];
    return text.match(/\btest\/[\w./-]+/g) ?? [];
  });
  const missing = files.filter((file) => !named.some((name) => `${file}/`.startsWith(`${name}/`)));
  expect(missing).toEqual([]);
});
