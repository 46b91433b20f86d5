import { beforeAll, describe, expect, test } from 'vitest';
import type { TestedBackend } from './backends.js';
import { describeFaults, describeVerdict } from './describe-verdict.js';
import { judge } from './judge.js';
import { runSuite, type SuiteRun } from './run-suite.js';

const BROKEN: TestedBackend = {
  name: 'broken',
  module: './broken-backend.ts',
  start: 'startBrokenBackend',
  flags: {},
};
const SPECS =
  '^((abs|ceil|floor|neg|tan) basic|exp exp|sqrt sqrt propagates NaNs|exp throws for string tensor)$';

let run: SuiteRun;
beforeAll(async () => {
  run = await runSuite(BROKEN, { matching: SPECS, silenceSeconds: 3 });
});

describe('a backend with faults', () => {
  test('a wrong value, an infinity for NaN, a death and a hang fail one spec each; the others are run', () => {
    const { failed, passed, errors } = judge(run, []);
    expect(failed.map(({ name, errors }) => [name, errors[0]])).toEqual([
      ['abs basic', expect.stringMatching(/^Error: Arrays have different lengths/)],
      ['ceil basic', expect.stringMatching(/^the process ended: SIGABRT/)],
      ['floor basic', expect.stringMatching(/^the process ended: nothing for 3 seconds/)],
      ['sqrt sqrt propagates NaNs', expect.stringMatching(/^Error: .* = Infinity, expected\[1\] = NaN/)],
    ]);
    expect(errors).toEqual([]);
    expect(passed).toBe(2);
  });

  test('a spec without its kernel is counted under the kernel, and has not failed', () => {
    const { notRegistered, kernels } = judge(run, []);
    expect(notRegistered).toEqual({ specs: 2, kernels: { Neg: 1, Tan: 1 } });
    expect(kernels.notAskedFor).toContain('Cos');
    expect(['Neg', 'Tan', 'FFT'].filter((name) => run.kernels.includes(name))).toEqual(['Tan']);
    expect(kernels.registered).toBe(run.kernels.length - 1);
  });

  test('faults are told with the spec, the error and the kernels', () => {
    const [abs] = describeFaults(judge(run, []));
    expect(abs).toMatch(/^abs basic\n {4}Error: Arrays have different lengths.*(\n.*)*\n {4}kernels: Abs$/);
  });
});

describe('exclusions', () => {
  const reason = 'it is broken';

  test('are counted by reason', () => {
    const { excluded, failed, errors } = judge(run, [
      { specs: /^((abs|ceil|floor) basic|sqrt .*)$/, reason },
    ]);
    expect({ excluded, failed, errors }).toEqual({ excluded: { [reason]: 4 }, failed: [], errors: [] });
  });

  test('may name only specs that fail', () => {
    const { errors } = judge(run, [{ specs: /^(abs basic|exp exp)$/, reason }]);
    expect(errors).toEqual(['The exclusion ^(abs basic|exp exp)$ names "exp exp", which is passed.']);
  });

  test('name at least one spec that finds its kernels', () => {
    const exclusions = [/^neg basic$/, /nothing of this name/].map((specs) => ({ specs, reason }));
    expect(judge(run, exclusions).errors).toEqual([
      'The exclusion ^neg basic$ names no spec that finds its kernels.',
      'The exclusion nothing of this name names no spec that finds its kernels.',
    ]);
  });
});

test('a backend that does not start is an error with its message', async () => {
  const { specs, errors } = await runSuite({ ...BROKEN, options: { fail: 'No such device.' } });
  expect(specs).toEqual([]);
  expect(errors).toEqual([expect.stringContaining('No such device.')]);
});

test('the figures name what was passed over', () => {
  const text = describeVerdict(judge(run, [{ specs: /basic$/, reason: 'it is broken' }]));
  expect(text).toContain('excluded:\n  it is broken: 3\n');
  expect(text).toContain('not registered:\n  specs: 2\n  kernels:\n    Neg: 1\n    Tan: 1\n');
});
