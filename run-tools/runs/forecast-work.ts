/** Seconds, and the two between which they will be most of the time. */
export interface TimeRange {
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

export interface WorkSoFar {
  /** Work that was told, in order, with the seconds at which it was; counted from the beginning of the stage. */
  readonly done: readonly { readonly at: number; readonly work: number }[];
  /** What is left of the stage, and all of it. */
  readonly left: number;
  readonly work: number;
  /** Seconds since the beginning of the stage. */
  readonly now: number;
}

/** Share of the time since the beginning that the latest speed is taken of, and seconds of it at least. */
const WINDOW_SHARE = 1 / 3;
const LEAST_WINDOW = 20;
/** Parts of the window whose speeds say how far the forecast may be off. */
const PARTS = 4;
/** How far it may be off at best, and before a tenth of the work is done. */
const LEAST_ERROR = 0.2;
const LEAST_SECONDS = 1;
const EARLY_ERROR = 0.5;
const EARLY_SHARE = 0.1;

/**
 * What is left of a stage at the speed of the latest third of its time: what was slow at its beginning is forgotten,
 * and a single report does not turn it. Undefined before anything is done.
 */
export function forecastWork({ done, left, work, now }: WorkSoFar): TimeRange | undefined {
  const last = done.at(-1)?.at;
  if (last === undefined || last <= 0) return undefined;
  const from = Math.max(0, Math.min(last * (1 - WINDOW_SHARE), last - LEAST_WINDOW));
  const speed = speedBetween(done, from, last);
  if (speed <= 0) return undefined;
  // Nothing is told of the time since the last report: it is as if the work went on.
  const seconds = Math.max(0, left / speed - (now - last));
  const share = work > 0 ? 1 - left / work : 1;
  const error = Math.max(
    share < EARLY_SHARE ? EARLY_ERROR : LEAST_ERROR,
    spread(done, { from, last, speed }),
  );
  const low = Math.max(0, Math.min(seconds / (1 + error), seconds - LEAST_SECONDS));
  return { seconds, low, high: Math.max(seconds * (1 + error), seconds + LEAST_SECONDS) };
}

function speedBetween(done: WorkSoFar['done'], from: number, to: number): number {
  let work = 0;
  let before = 0;
  for (const report of done) {
    // What was told at once was done since the report before.
    const began = Math.max(from, before);
    const ended = Math.min(to, report.at);
    if (report.at > before && ended > began) work += (report.work * (ended - began)) / (report.at - before);
    else if (report.at === before && report.at > from && report.at <= to) work += report.work;
    before = report.at;
  }
  return to > from ? work / (to - from) : 0;
}

/** Half of how far apart the speeds of parts of the window are, as a share of its speed. */
function spread(
  done: WorkSoFar['done'],
  { from, last, speed }: { readonly from: number; readonly last: number; readonly speed: number },
): number {
  const part = (last - from) / PARTS;
  const speeds = Array.from({ length: PARTS }, (_, at) =>
    speedBetween(done, from + at * part, from + (at + 1) * part),
  );
  return (Math.max(...speeds) - Math.min(...speeds)) / (2 * speed);
}
