import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './sources.js';

/** A fault of scripts/mutation: a change of a compiled module, and the tests that fail by it. */
interface ListedFault {
  readonly fault: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly test: string;
}

/** A fault that can be drawn: what stands in place of a part of a module's text. */
interface Fault {
  readonly start: number;
  readonly end: number;
  readonly to: string;
}

const LISTS = ['method-faults', 'store-faults', 'whole-run-faults'];

const modules = mkdtempSync(join(tmpdir(), 'dna-modules-'));

beforeAll(async () => (await import(join(ROOT, 'scripts/bundle.mjs'))).writeModules(modules));
afterAll(() => rmSync(modules, { recursive: true }));

test.each(LISTS)('every fault of %s still applies, and its tests are there', async (list) => {
  const faults = Object.values(await import(join(ROOT, `scripts/mutation/${list}.mjs`)))[0] as ListedFault[];
  expect(faults.length).toBeGreaterThan(0);
  for (const { fault, file, from, to, test: tests } of faults) {
    const text = readFileSync(join(modules, file), 'utf8');
    expect(text.split(from).length - 1, `${fault} (${file})`).toBe(1);
    expect(to, fault).not.toBe(from);
    expect(existsSync(join(ROOT, tests)), fault).toBe(true);
  }
});

test('every fault that is left out of the draws is one of its module, and says why', async () => {
  const { EQUIVALENTS, reasonToLeave } = await import(join(ROOT, 'scripts/mutation/equivalents.mjs'));
  const { faultsOf } = await import(join(ROOT, 'scripts/mutation/operators.mjs'));
  for (const { file, line, to, why } of EQUIVALENTS) {
    const text = readFileSync(join(modules, file), 'utf8');
    const left = (faultsOf(text) as Fault[]).filter(
      (fault) => reasonToLeave({ ...fault, file, text }) === why,
    );
    expect(left.filter((fault) => fault.to === to).length, `${file}: ${line}`).toBeGreaterThan(0);
    expect(why).toMatch(/\w+ \w+/);
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

test('CI asks all tests for more than the sample, and the script of the disk for those of its kind', () => {
  const ci = readFileSync(join(ROOT, '.ci/run'), 'utf8');
  expect(ci).toMatch(/^ {2}DNA_FAULTS=many npm test /m);
  const script = readFileSync(join(ROOT, 'scripts/faults.mjs'), 'utf8');
  const [list] = /^const TESTS = \[[^\]]*\]/m.exec(script)!;
  const named = list.match(/\btest\/[\w./-]+/g)!;
  expect(named).toContain('test/faults');
  for (const name of named) {
    const files = name.endsWith('.ts') ? [name] : testsIn(name);
    expect(files.filter((file) => imports(file, EXTENT)).length, name).toBeGreaterThan(0);
  }
});

function testsIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `${folder}/${file}`);
}
