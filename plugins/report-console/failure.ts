/** Code of the error of a run that was asked to stop. */
const STOPPED = 'STOPPED';

/** What to say when a run ends early: what happened, and how it goes on. */
export function describeFailure(error: Error & { code?: string; hint?: string }): {
  readonly stopped: boolean;
  readonly message: string;
  readonly next: string;
} {
  const stopped = error.code === STOPPED;
  const message = error.message.split('\n')[0]!;
  const goOn = 'Finished work is kept: the same command goes on from there.';
  const next = [error.hint, stopped ? undefined : goOn].filter(Boolean).join(' ');
  return { stopped, message, next: next || goOn };
}
