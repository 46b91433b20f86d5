import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestedBackend } from './backends.js';
import { bundleTests } from './bundle.js';
import type { Orders } from './child/program.js';
import { type Launch, runProgram } from './run-program.js';
import type { SpecDone, SpecRecord, SpecStart } from './spec-record.js';

const SILENCE_SECONDS = 60;

/** What tfjs-core's tests said about a backend. */
export interface SuiteRun {
  readonly specs: readonly SpecDone[];
  /** Errors outside of specs: the set-up of a suite, a process that did not begin. */
  readonly errors: readonly string[];
  /** All kernels that the backend registers. */
  readonly kernels: readonly string[];
}

/**
 * Runs tfjs-core's tests on a backend, in child processes: those whose names match a regular expression. Where a spec
 * ends its process or hangs, it has failed, and another process goes on behind it.
 */
export async function runSuite(
  backend: TestedBackend,
  { matching = '', silenceSeconds = SILENCE_SECONDS } = {},
): Promise<SuiteRun> {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-core-tests-'));
  try {
    const program = join(folder, 'program.mjs');
    await bundleTests(backend, program);
    const records = join(folder, 'records');
    return await runAll({ program, silenceSeconds }, { backend, records, matching });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runAll(launch: Launch, orders: Omit<Orders, 'after'>): Promise<SuiteRun> {
  const deaths: SpecDone[] = [];
  const errors: string[] = [];
  for (let after = -1; ; ) {
    const end = await runProgram(launch, { ...orders, after });
    const records = read(orders.records);
    if (records.at(-1)?.event === 'end') return gather(records, deaths, errors);
    const last = records.findLast((record) => record.event === 'start');
    const running =
      last && !records.some((record) => record.event === 'done' && record.number === last.number);
    if (running) deaths.push(dead(last, end));
    else errors.push(end);
    if (last === undefined || last.number <= after) return gather(records, deaths, errors);
    after = last.number;
  }
}

/** A spec that its process did not outlive. */
function dead({ number, name }: SpecStart, end: string): SpecDone {
  return { event: 'done', number, name, status: 'failed', errors: [end], kernels: [], missing: [] };
}

function gather(records: readonly SpecRecord[], deaths: SpecDone[], errors: string[]): SuiteRun {
  const specs = [...records.filter((record) => record.event === 'done'), ...deaths];
  const suites = records.filter((record) => record.event === 'suite');
  return {
    specs: numberTwins(specs.sort((a, b) => a.number - b.number)),
    errors: [...errors, ...suites.map((suite) => `${suite.name}: ${suite.errors.join('; ')}`)],
    kernels: records.findLast((record) => record.event === 'end')?.kernels ?? [],
  };
}

/** Some specs share one name: the second is `name (2)`. */
function numberTwins(specs: readonly SpecDone[]): SpecDone[] {
  const seen = new Map<string, number>();
  return specs.map((spec) => {
    const count = (seen.get(spec.name) ?? 0) + 1;
    seen.set(spec.name, count);
    return count === 1 ? spec : { ...spec, name: `${spec.name} (${count})` };
  });
}

function read(file: string): SpecRecord[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}
