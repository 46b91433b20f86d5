/** A part that is ready to be timed. */
export interface Timed {
  run(): Promise<void>;
  release(): Promise<void> | void;
}

/** Runs that warm up, and are not timed. */
const WARM_UP = 3;
/** Runs of one sample: at least so many, and more until so much time has passed. */
const LEAST_RUNS = 5;
const MOST_RUNS = 200;
const MILLISECONDS = 10;

/** One sample: the median of some runs after a warm-up, in milliseconds, so that a pause of the machine does not count. */
export async function sampleOf(timed: Timed): Promise<number> {
  for (let run = 0; run < WARM_UP; run++) await timed.run();
  const times: number[] = [];
  const began = performance.now();
  while (
    times.length < LEAST_RUNS ||
    (times.length < MOST_RUNS && performance.now() - began < MILLISECONDS)
  ) {
    const start = performance.now();
    await timed.run();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1]!;
}
