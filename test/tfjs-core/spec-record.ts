/** A spec that begins. */
export interface SpecStart {
  readonly event: 'start';
  /** Its place among all specs. */
  readonly number: number;
  readonly name: string;
}

/** A spec that has run to its end. */
export interface SpecDone {
  readonly event: 'done';
  readonly number: number;
  readonly name: string;
  /** `pending`: tfjs itself leaves it out. */
  readonly status: 'passed' | 'failed' | 'pending';
  readonly errors: readonly string[];
  /** Kernels that tfjs looked up and found. */
  readonly kernels: readonly string[];
  /** Kernels that it did not find. */
  readonly missing: readonly string[];
}

/** What the program in `child/` tells, one line of JSON each. */
export type SpecRecord =
  | SpecStart
  | SpecDone
  | { readonly event: 'suite'; readonly name: string; readonly errors: readonly string[] }
  | { readonly event: 'end'; readonly kernels: readonly string[] };
