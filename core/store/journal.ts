import { dirname } from 'node:path';
import { writeFailed } from './errors.js';
import { type FileLayer, ifExists } from './file-layer.js';
import { writeFully } from './write-atomically.js';

/** An event as it was told, with its place and time. */
export interface JournalEntry {
  /** 1, 2, 3, … without gaps. */
  readonly sequence: number;
  /** ISO 8601. */
  readonly time: string;
  readonly event: string;
  readonly [detail: string]: unknown;
}

export interface JournalContent {
  readonly entries: readonly JournalEntry[];
  /** What is damaged, one line each; a torn last line is none. */
  readonly problems: readonly string[];
  /** Bytes up to the end of the last line that is whole. */
  readonly length: number;
  /** Sequence number of the last line that is whole, 0 for none. */
  readonly sequence: number;
}

const NEWLINE = 0x0a;

/** Reads a journal; damaged lines are passed over and told. */
export function readJournal(files: FileLayer, path: string): JournalContent {
  const bytes = ifExists(() => files.readFile(path)) ?? new Uint8Array();
  const length = bytes.lastIndexOf(NEWLINE) + 1;
  const lines = new TextDecoder().decode(bytes.subarray(0, length)).split('\n').slice(0, -1);
  const entries: JournalEntry[] = [];
  const problems: string[] = [];
  let sequence = 0;
  lines.forEach((line, index) => {
    const entry = parseEntry(line);
    if (!entry) {
      problems.push(`line ${index + 1} of the journal is garbled`);
      sequence++;
      return;
    }
    if (entry.sequence !== sequence + 1) {
      problems.push(
        `line ${index + 1} of the journal has sequence number ${entry.sequence}, expected ${sequence + 1}`,
      );
    }
    sequence = entry.sequence;
    entries.push(entry);
  });
  return { entries, problems, length, sequence };
}

function parseEntry(line: string): JournalEntry | undefined {
  try {
    const entry = JSON.parse(line) as JournalEntry;
    return Number.isSafeInteger(entry?.sequence) && typeof entry.event === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** Appends to a journal: one write and one fsync an entry; a line that was torn is cut off before the next. */
export class JournalWriter {
  readonly #files: FileLayer;
  readonly #path: string;
  #descriptor: number | undefined;
  #length = 0;
  #sequence = 0;
  #torn = false;

  constructor(files: FileLayer, path: string) {
    this.#files = files;
    this.#path = path;
  }

  /** @throws DnaError `STORE_DISK_FULL` or `STORE_WRITE_FAILED`; the journal keeps its last whole line. */
  append(makeLine: (sequence: number) => string): number {
    let bytes: Uint8Array = new Uint8Array();
    try {
      const descriptor = this.#open();
      if (this.#torn) this.#files.truncate(descriptor, this.#length);
      bytes = new TextEncoder().encode(`${makeLine(this.#sequence + 1)}\n`);
      this.#torn = true;
      writeFully(this.#files, descriptor, bytes);
      this.#files.fsync(descriptor);
    } catch (error) {
      throw writeFailed('journal.jsonl', bytes.length, error);
    }
    this.#torn = false;
    this.#length += bytes.length;
    return ++this.#sequence;
  }

  /** The first append opens the file and cuts off what a crash left of a last line. */
  #open(): number {
    if (this.#descriptor !== undefined) return this.#descriptor;
    const { length, sequence } = readJournal(this.#files, this.#path);
    const descriptor = this.#files.open(this.#path, 'append');
    this.#files.syncFolder(dirname(this.#path));
    this.#length = length;
    this.#sequence = sequence;
    this.#torn = true;
    this.#descriptor = descriptor;
    return descriptor;
  }

  close(): void {
    if (this.#descriptor !== undefined) this.#files.close(this.#descriptor);
    this.#descriptor = undefined;
  }
}
