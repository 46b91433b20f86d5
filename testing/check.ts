/** One thing that a plugin must hold. */
export interface Check {
  /** What must hold, in a few words: `puts out a scalar`. */
  readonly name: string;
  /** What the author does if it does not. */
  readonly fix: string;
  /** Throws an error that says what was found instead. */
  run(): void | Promise<void>;
}

/** What became of one check. */
export interface CheckResult {
  /** The plugin's name, or its file where it could not be loaded. */
  readonly plugin: string;
  readonly check: string;
  readonly ok: boolean;
  /** What was found instead. */
  readonly problem?: string;
  readonly fix?: string;
}

/** Runs checks in order; one that fails ends none of the others. */
export async function runChecks(plugin: string, checks: readonly Check[]): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) results.push(await runCheck(plugin, check));
  return results;
}

async function runCheck(plugin: string, { name, fix, run }: Check): Promise<CheckResult> {
  try {
    await run();
    return { plugin, check: name, ok: true };
  } catch (error) {
    return { plugin, check: name, ok: false, problem: reasonOf(error), fix };
  }
}

/** The first paragraph of an error, on one line. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().replaceAll(/\s+/g, ' ');
}

/** Throws unless `holds`. */
export function demand(holds: boolean, problem: () => string): asserts holds {
  if (!holds) throw new Error(problem());
}
