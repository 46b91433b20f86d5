import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { Disk } from './disk.js';
import { type JournalEntry, JournalTail, JournalWriter, readJournal } from './journal.js';
import { journalText } from './journal-text.js';

/** Some steps of a task, or a while of one that has no steps: sums and means over them. */
export interface MetricsPoint {
  /** Milliseconds since 1970 at its end. */
  readonly time: number;
  /** Steps of the task that are done at its end; of a task without steps, 0. */
  readonly step: number;
  /** Of them, how many the point covers: a power of two, or fewer where it was written early. */
  readonly steps: number;
  /** Wall-clock seconds that it covers. */
  readonly seconds: number;
  /** Multiply-adds, as the task's `work` counts them. */
  readonly work: number;
  /** Mean over the steps. */
  readonly loss?: number;
  /** Of the last step. */
  readonly learningRate?: number;
  /** Images that the steps trained on. */
  readonly images?: number;
  /** Seconds in which the thread stood still for want of images or of another thread. */
  readonly waited: number;
}

/** What a task told at the end of an epoch. */
export interface MetricsEpoch {
  readonly time: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Ratings of a task's candidates, lower is better. */
export interface MetricsRatings {
  readonly count: number;
  readonly best: number;
  readonly median: number;
  readonly worst: number;
}

/** What is known of the course of a task: of a finished one, all of it. */
export interface TaskMetrics {
  /** In order; no step is in two of them, and none before the last checkpoint in none. */
  readonly points: readonly MetricsPoint[];
  readonly epochs: readonly MetricsEpoch[];
  readonly ratings?: MetricsRatings;
  /** Steps of the whole task, where it has told them. */
  readonly steps?: number;
  /** Bytes of memory of the process at the last look. */
  readonly memory?: number;
  /** Host that worked on it last. */
  readonly host?: string;
}

/** Numbers of a point in its row; what a point lacks is null there. */
const COLUMNS = ['step', 'steps', 'seconds', 'work', 'loss', 'learningRate', 'images', 'waited'] as const;

export type MetricsRow = Omit<MetricsPoint, 'time'>;

/** A line of the file: `points` with rows, `epoch`, `ratings`; each start begins with `started`. */
export type MetricsEntry =
  | {
      readonly event: 'points';
      readonly rows: readonly MetricsRow[];
      readonly steps?: number | undefined;
      readonly memory: number;
      /** The checkpoint that follows holds everything up to here. */
      readonly saved?: number | undefined;
    }
  | ({ readonly event: 'epoch' } & Omit<MetricsEpoch, 'time'>)
  | ({ readonly event: 'ratings' } & MetricsRatings);

/**
 * Writes the metrics of one task, which this process has claimed. The file goes on where the task does: what was
 * written after the checkpoint that it goes on from is cut off, since that is done anew.
 */
export class MetricsWriter {
  readonly #disk: Disk;
  readonly #journal: JournalWriter;
  readonly #check: () => void;

  /**
   * @param name the file, from the disk's folder
   * @param parts.from step of the checkpoint that the task goes on from; undefined: from nothing
   */
  constructor(
    disk: Disk,
    name: string,
    { from, check }: { readonly from: number | undefined; check(): void },
  ) {
    const path = disk.path(name);
    disk.makeFolder(dirname(name));
    const { entries, lines } = readJournal(disk.files, path);
    const mark = from === undefined ? undefined : entries.findLast(({ saved }) => saved === from);
    const keep = lines.findIndex(({ sequence, chain }) => chain && sequence === mark?.sequence) + 1;
    this.#disk = disk;
    this.#check = check;
    this.#journal = new JournalWriter(disk.files, path, keep);
    this.#append({ event: 'started', host: hostname(), columns: COLUMNS });
  }

  /** @param lasting whether it is to outlast a power loss @default false */
  write(entry: MetricsEntry, lasting = false): void {
    const rows = entry.event === 'points' && { rows: entry.rows.map(toRow) };
    this.#append({ ...entry, ...rows }, lasting);
  }

  close(): void {
    this.#journal.close();
  }

  #append(entry: object, lasting = false): void {
    this.#check();
    const time = new Date().toISOString();
    const line = (sequence: number) => journalText({ sequence, time, ...entry }, this.#disk.machineFolders);
    this.#journal.append(line, lasting);
  }
}

/** Undefined where nothing is known of the task: an earlier version did it, or nobody has begun. */
export function readMetrics(disk: Disk, name: string): TaskMetrics | undefined {
  return metricsOf(readJournal(disk.files, disk.path(name)).entries);
}

/** Reads a task's metrics again and again, each time what was added since. */
export class MetricsReader {
  readonly #tail: JournalTail;
  #entries: readonly JournalEntry[] | undefined;
  #metrics: TaskMetrics | undefined;

  constructor(disk: Disk, name: string) {
    this.#tail = new JournalTail(disk.files, disk.path(name));
  }

  /** The same object where nothing was added. */
  read(): TaskMetrics | undefined {
    const entries = this.#tail.read();
    if (entries !== this.#entries) this.#metrics = metricsOf(entries);
    this.#entries = entries;
    return this.#metrics;
  }
}

function metricsOf(entries: readonly JournalEntry[]): TaskMetrics | undefined {
  if (entries.length === 0) return undefined;
  const last = (name: string) => entries.findLast((entry) => name in entry)?.[name];
  const ratings = entries.findLast(({ event }) => event === 'ratings');
  const found = { steps: last('steps'), memory: last('memory'), host: last('host') };
  return {
    points: entries.filter(({ event }) => event === 'points').flatMap(pointsOf),
    epochs: entries.filter(({ event }) => event === 'epoch').map(epochOf),
    ...(ratings && { ratings: ratingsOf(ratings) }),
    ...Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)),
  };
}

/** Digits of a number of a row: enough for a picture. */
const DIGITS = 6;

function toRow(row: MetricsRow): (number | null)[] {
  return COLUMNS.map((name) => {
    const value = row[name];
    if (value === undefined) return null;
    return Number.isSafeInteger(value) ? value : Number(value.toPrecision(DIGITS));
  });
}

/** The last one ends when the line was written, each before it where the next began. */
function pointsOf({ time, rows }: JournalEntry): MetricsPoint[] {
  let end = Date.parse(time);
  const points = (rows as (number | string | null)[][]).toReversed().map((row) => {
    const values = COLUMNS.flatMap((name, at) => (row[at] == null ? [] : [[name, Number(row[at])]]));
    const point = { time: end, ...(Object.fromEntries(values) as MetricsRow) };
    end -= 1000 * point.seconds;
    return point;
  });
  return points.reverse();
}

function epochOf({ time, epoch, epochs, metrics }: JournalEntry): MetricsEpoch {
  const values = Object.entries(metrics as object).map(([name, value]) => [name, Number(value)]);
  return {
    time: Date.parse(time),
    epoch: Number(epoch),
    epochs: Number(epochs),
    metrics: Object.fromEntries(values) as Record<string, number>,
  };
}

function ratingsOf({ count, best, median, worst }: JournalEntry): MetricsRatings {
  return { count: Number(count), best: Number(best), median: Number(median), worst: Number(worst) };
}
