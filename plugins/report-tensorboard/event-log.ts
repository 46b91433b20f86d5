import { createWriteStream, mkdirSync, readdirSync, readFileSync, type WriteStream } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { LastSteps } from 'dna-nas/run-tools/tracking';
import { encodeRecord, readRecords } from './records.js';
import { EventProto } from './schema.js';

/** What a value is, beside its tag: fields of `Summary.Value`. */
export type SummaryValue = Readonly<Record<string, unknown>>;

const PREFIX = 'events.out.tfevents.';
const VERSION = 'brain.Event:2';
/** Bytes that wait for a disk that does not take them; later values are left out. */
const MOST_WAITING = 16 * 2 ** 20;

/** What the log knows of time and place. */
export interface EventLogOptions {
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** Told once, when values cannot be written any more. */
  failed(reason: Error): void;
}

/**
 * The event files of a folder. Each start of a run adds a file of its own, at its first value, so that a file that a
 * crash has torn stays as it is. Nothing here waits for the disk or throws.
 */
export class EventLog {
  readonly #folder: string;
  readonly #options: EventLogOptions;
  readonly #steps = new LastSteps();
  #stream: WriteStream | undefined;
  #broken = false;

  constructor(folder: string, options: EventLogOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#guard(() => {
      for (const { tag, step } of readTags(folder)) this.#steps.keep(tag, step);
    });
  }

  /** Writes a value, unless one of the same tag has this step or a later one. */
  add(tag: string, step: number, value: SummaryValue): void {
    if (this.#broken || !this.#steps.isNew(tag, step)) return;
    this.#steps.keep(tag, step);
    this.#write({ step, summary: { value: [{ tag, ...value }] } });
  }

  /** Waits until all is written, or the time is over. */
  async close(milliseconds: number): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    if (!stream || this.#broken) return;
    await new Promise<void>((done) => {
      const timer = setTimeout(done, milliseconds);
      stream.end(() => {
        clearTimeout(timer);
        done();
      });
    });
  }

  #write(event: object): void {
    this.#guard(() => {
      this.#stream ??= this.#open();
      if (this.#stream.writableLength > MOST_WAITING) throw new Error('the disk takes nothing');
      this.#stream.write(this.#record(event));
    });
  }

  #open(): WriteStream {
    mkdirSync(this.#folder, { recursive: true });
    const name = `${PREFIX}${String(this.#now()).replace('.', '')}.${hostname()}.${process.pid}`;
    const stream = createWriteStream(join(this.#folder, name), { flags: 'a' });
    stream.on('error', (error) => this.#break(error));
    stream.write(this.#record({ file_version: VERSION }));
    return stream;
  }

  #record(event: object): Buffer {
    return encodeRecord(EventProto.encode({ wall_time: this.#now() / 1000, ...event }).finish());
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#break(error as Error);
    }
  }

  #break(error: Error): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#options.failed(error);
  }
}

interface ReadTag {
  readonly tag: string;
  readonly step: number;
}

/** Tags and steps of all event files of a folder. */
function* readTags(folder: string): Generator<ReadTag> {
  for (const name of eventFiles(folder)) {
    for (const record of readRecords(readFileSync(join(folder, name)))) {
      const { step, summary } = EventProto.decode(record) as unknown as {
        step: number | { toNumber(): number };
        summary?: { value: readonly { tag: string }[] };
      };
      const at = typeof step === 'number' ? step : step.toNumber();
      for (const { tag } of summary?.value ?? []) yield { tag, step: at };
    }
  }
}

function eventFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.startsWith(PREFIX))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
