import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
