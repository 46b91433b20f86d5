/**
 * Every error that a user can meet: one factory each, with a code that the docs list. The message says what was
 * found, what was expected and what to do; the stack is for those who ask.
 */
export class DnaError extends Error {
  override readonly name = 'DnaError';

  constructor(
    readonly code: string,
    message: string,
    /** What to do, one line. */
    readonly hint?: string,
    options?: { cause?: unknown; exitCode?: number },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options?.exitCode ?? 1;
  }

  /** 1 failed, 2 usage or configuration, 75 state saved (run again), 130 stopped hard. */
  readonly exitCode: number;
}

/** Names of a list for a message: `a, b or c`. */
export function either(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
