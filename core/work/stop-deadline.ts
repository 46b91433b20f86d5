import { stopped } from '../errors.js';

/** Seconds that work has to save its state and end, once it is asked to stop. */
export const GRACE_SECONDS = 8;

/** Who asks work to stop, and how long it is waited for. */
export interface StopRequest {
  readonly signal: AbortSignal | undefined;
  /** @default GRACE_SECONDS */
  readonly graceSeconds?: number | undefined;
}

/**
 * Waits for work that hears the same signal and saves its state by itself. Work that has not ended within the grace
 * is waited for no longer, whatever it does: the run goes on from its last timed checkpoint.
 * @throws DnaError `STOPPED`
 */
export async function withinGrace<Output>(
  work: () => Output | Promise<Output>,
  { signal, graceSeconds = GRACE_SECONDS }: StopRequest,
): Promise<Output> {
  if (!signal) return work();
  let onAbort = () => {};
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(stopped()), 1000 * graceSeconds);
    };
  });
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work(), deadline]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearTimeout(timer);
  }
}
