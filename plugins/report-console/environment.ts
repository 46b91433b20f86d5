/** What a report writes to. */
export interface OutputStream {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
}

/** The world outside, as an argument: tests bring their own clock and streams. */
export interface ConsoleEnvironment {
  /** Progress and remarks. */
  readonly progress: OutputStream;
  /** The table at the end. */
  readonly result: OutputStream;
  /** Whether `progress` is a terminal whose cursor can be moved. */
  readonly live: boolean;
  readonly colour: boolean;
  /** Seconds of a clock that never goes back. */
  now(): number;
  /** Calls again and again until the answer is called; must not keep the process alive. */
  every(seconds: number, call: () => void): () => void;
  /** Calls when the process ends, however it does, until the answer is called. */
  onExit(call: () => void): () => void;
}

/** Standard error and output, and the process's own clock. */
export function processEnvironment(): ConsoleEnvironment {
  const { env, stderr, stdout } = process;
  const live = Boolean(stderr.isTTY) && env.TERM !== 'dumb';
  return {
    progress: stderr,
    result: stdout,
    live,
    colour: live && !env.NO_COLOR,
    now: () => performance.now() / 1000,
    every(seconds, call) {
      const timer = setInterval(call, 1000 * seconds).unref();
      return () => clearInterval(timer);
    },
    onExit(call) {
      process.once('exit', call);
      return () => process.off('exit', call);
    },
  };
}
