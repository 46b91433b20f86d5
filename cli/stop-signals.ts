const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGUSR2'] as const;
const STOPPED_HARD = 130;

/**
 * Runs work that can be asked to stop. The first INT, TERM or USR2 aborts the signal: the work saves its state and
 * ends. A second Ctrl-C ends the process at once.
 */
export async function withStopSignals<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      controller.abort();
      process.stderr.write(`\nStopping: the state is being saved. Ctrl-C again ends at once.\n`);
    } else if (name === 'SIGINT') {
      process.exit(STOPPED_HARD);
    }
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}
