/** The part of Jasmine that we use, and its globals for tfjs's tests. */
// @ts-expect-error It has no types of its own.
import core from 'jasmine-core';

export interface SuiteResult {
  readonly fullName: string;
  readonly failedExpectations: readonly { readonly message: string }[];
}

export interface SpecResult extends SuiteResult {
  readonly id: string;
  readonly status: 'passed' | 'failed' | 'pending' | 'excluded';
}

interface Reporter {
  specStarted(result: SpecResult): void;
  specDone(result: SpecResult): void;
  suiteDone(result: SuiteResult): void;
}

interface Environment {
  configure(options: {
    readonly random: boolean;
    readonly specFilter: (spec: { readonly id: string; getFullName(): string }) => boolean;
  }): void;
  /** Before each spec, outside of all suites. */
  beforeEach(act: () => void): void;
  addReporter(reporter: Reporter): void;
  execute(): Promise<unknown>;
}

/** Jasmine, its functions made global. */
export const jasmine: { getEnv(): Environment } = core.boot();
