/** Code of the error of a run that was asked to stop. */
const STOPPED = 'STOPPED';

export interface Failure {
  readonly stopped: boolean;
  readonly words: string;
}

/** How a run ended early, and how it goes on. Why is told by whoever catches the error. */
export function describeFailure(error: Error & { code?: string }): Failure {
  return error.code === STOPPED
    ? { stopped: true, words: 'stopped; the same command goes on from here' }
    : { stopped: false, words: 'failed; finished work is kept, and the same command goes on from there' };
}
