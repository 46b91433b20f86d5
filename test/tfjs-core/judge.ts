import type { Exclusion } from './exclusions.js';
import type { SuiteRun } from './run-suite.js';
import type { SpecDone } from './spec-record.js';

/** What a run of tfjs-core's tests comes to. */
export interface Verdict {
  /** Specs that met every kernel they asked for, and passed. */
  readonly passed: number;
  /** Specs that tfjs itself leaves out. */
  readonly pending: number;
  readonly failed: readonly SpecDone[];
  /** Specs that failed as the exclusions say: how many for which reason. */
  readonly excluded: Readonly<Record<string, number>>;
  /** Specs that asked for a kernel the backend does not register, whatever came of them. */
  readonly notRegistered: { readonly specs: number; readonly kernels: Readonly<Record<string, number>> };
  readonly kernels: { readonly registered: number; readonly notAskedFor: readonly string[] };
  /** What is wrong beside failed specs: suites without set-up, exclusions of what passes or does not exist. */
  readonly errors: readonly string[];
}

export function judge(run: SuiteRun, exclusions: readonly Exclusion[]): Verdict {
  const complete = run.specs.filter(({ missing }) => missing.length === 0);
  const incomplete = run.specs.filter(({ missing }) => missing.length > 0);
  const reasonOf = (spec: SpecDone) => exclusions.find(({ specs }) => specs.test(spec.name))?.reason;
  const bad = complete.filter(({ status }) => status === 'failed');
  const asked = new Set(run.specs.flatMap(({ kernels }) => kernels));
  const absent = new Set(incomplete.flatMap(({ missing }) => missing));
  const registered = run.kernels.filter((kernel) => !absent.has(kernel));
  const untruths = exclusions.flatMap((exclusion) => untrue(exclusion, complete));
  return {
    passed: complete.filter(({ status }) => status === 'passed').length,
    pending: complete.filter(({ status }) => status === 'pending').length,
    failed: bad.filter((spec) => reasonOf(spec) === undefined),
    excluded: countBy(bad.flatMap((spec) => reasonOf(spec) ?? [])),
    notRegistered: {
      specs: incomplete.length,
      kernels: countBy(incomplete.flatMap(({ missing }) => missing)),
    },
    kernels: {
      registered: registered.length,
      notAskedFor: registered.filter((kernel) => !asked.has(kernel)).sort(),
    },
    // Where nothing ran, what is excluded is not to blame.
    errors: run.specs.length === 0 ? run.errors : [...run.errors, ...untruths],
  };
}

/** What an exclusion says and is not so: it may name only specs that fail. */
function untrue({ specs }: Exclusion, complete: readonly SpecDone[]): string[] {
  const named = complete.filter(({ name }) => specs.test(name));
  if (named.length === 0) return [`The exclusion ${specs.source} names no spec that finds its kernels.`];
  return named
    .filter(({ status }) => status !== 'failed')
    .map(({ name, status }) => `The exclusion ${specs.source} names "${name}", which is ${status}.`);
}

function countBy(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of [...keys].sort()) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}
