/** Seconds, and the two between which they will be most of the time. */
export interface TimeRange {
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

/** A stage as far as it has come. Times are seconds since its beginning. */
export interface WorkSoFar {
  /** Work that was told, in order, with the time at which it was. */
  readonly done: readonly { readonly at: number; readonly work: number }[];
  /** What is left of the stage, and all of it. */
  readonly left: number;
  readonly work: number;
  readonly now: number;
}

/** Share of the time since the beginning that the latest speed is taken of, and seconds of it at least. */
const WINDOW_SHARE = 1 / 3;
const LEAST_WINDOW = 6;
/**
 * Parts of the latest time, and of all of it, whose speeds say how far the forecast may be off: a machine whose speed has
 * changed may change it again.
 */
const LATEST_PARTS = 4;
const ALL_PARTS = 8;
/** How far it may be off while all that was told may have gone into what a stage opens. */
const OPENING_ERROR = 5;
/** How far it may be off at best. */
const LEAST_ERROR = { faster: 0.2, slower: 0.2 };
const LEAST_SECONDS = 1;
/** And before a tenth of the work is done. Code is compiled while it runs: what has begun becomes faster rather than slower. */
const EARLY_ERROR = { faster: 1.5, slower: 0.5 };
const EARLY_SHARE = 0.1;

/**
 * What is left of a stage at the speed of the latest third of its time: what was slow at its beginning is forgotten,
 * and a single report does not turn it. Undefined where nothing is done.
 */
export function forecastWork(stage: WorkSoFar): TimeRange | undefined {
  const { done, left, work, now } = stage;
  const last = done.at(-1)?.at ?? 0;
  const found = speedOf(stage);
  if (!found) return undefined;
  // Nothing is told of the time since the last report: it is as if the work went on.
  const seconds = Math.max(0, left / found.speed - (now - last));
  const share = work > 0 ? 1 - left / work : 1;
  const { faster, slower } = share < EARLY_SHARE ? EARLY_ERROR : LEAST_ERROR;
  return rangeOf(seconds, { faster: Math.max(faster, found.error), slower: Math.max(slower, found.error) });
}

/** How far a time may be off, as a share of it; in seconds at least. */
export interface TimeError {
  readonly faster: number;
  readonly slower: number;
  readonly least?: number;
}

/** A time that may be shorter by a factor of `1 + faster`, and longer by one of `1 + slower`. */
export function rangeOf(seconds: number, { faster, slower, least = LEAST_SECONDS }: TimeError): TimeRange {
  const low = Math.max(0, Math.min(seconds / (1 + faster), seconds - least));
  return { seconds, low, high: Math.max(seconds * (1 + slower), seconds + least) };
}

/** Work a second of a stage. */
export interface StageSpeed {
  readonly speed: number;
  /** How far it may be off, as a share of it. */
  readonly error: number;
  /** Whether it is more than what the stage's opening took. */
  readonly isOpen: boolean;
}

/** Undefined while nothing is known. */
export function speedOf({ done }: Pick<WorkSoFar, 'done'>): StageSpeed | undefined {
  const last = done.at(-1)?.at ?? 0;
  // A stage begins with what it opens: its first report comes late, and only what follows tells of its speed.
  const isOpen = done.length > 2;
  const opened = isOpen ? done[0]!.at : 0;
  const from = Math.max(opened, Math.min(last * (1 - WINDOW_SHARE), last - LEAST_WINDOW));
  const measured = speedBetween(done, from, last);
  if (measured <= 0) return undefined;
  const far = (since: number, parts: number) => spread(done, { from: since, last, speed: measured, parts });
  const error = isOpen ? Math.max(far(from, LATEST_PARTS), far(opened, ALL_PARTS)) : OPENING_ERROR;
  return { speed: measured, error, isOpen };
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

/** How far apart the speeds of parts of a time are, as a share of a speed. */
function spread(
  done: WorkSoFar['done'],
  {
    from,
    last,
    speed,
    parts,
  }: { readonly from: number; readonly last: number; readonly speed: number; readonly parts: number },
): number {
  const part = (last - from) / parts;
  const speeds = Array.from({ length: parts }, (_, at) =>
    speedBetween(done, from + at * part, from + (at + 1) * part),
  );
  return (Math.max(...speeds) - Math.min(...speeds)) / speed;
}
