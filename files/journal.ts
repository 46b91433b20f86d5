import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { reading, writeFailed } from './errors.js';
import { type FileLayer, ifExists } from './file-layer.js';
import { writeAtomically, writeFully } from './write-atomically.js';

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
  readonly lines: readonly JournalLine[];
}

/** A line that has its end, in the file. */
interface JournalLine {
  /** Of a garbled one: as counted. */
  readonly sequence: number;
  /** Hash that it carries of itself, empty for a garbled one. */
  readonly chain: string;
  /** Bytes of the file up to its end. */
  readonly end: number;
}

/** How far a journal had come when that was sealed: it never becomes shorter. */
export interface JournalSeal {
  readonly lines: number;
  /** Hash that the last of them carries of itself. */
  readonly chain: string;
}

/** What a seal finds wrong with a journal that may have gone on since. */
export function sealProblems(
  { lines: found }: JournalContent,
  seal: JournalSeal | undefined,
): readonly string[] {
  if (!seal) return [];
  const { lines, chain } = seal;
  if (found.length < lines) {
    return [`the journal ends after line ${found.length}; it had ${lines} when it was sealed`];
  }
  const last = found[lines - 1]?.chain;
  return last && last !== chain ? [`line ${lines} of the journal is not the one that was sealed`] : [];
}

const NEWLINE = 0x0a;
/** What the first line follows. */
const NO_LINE = '0'.repeat(16);
const BEFORE_ALL: JournalLine = { sequence: 0, chain: NO_LINE, end: 0 };
/** The last property of a line: the hash of the line before, and of all of this line up to there. */
const CHAIN = /,"chain":\["([0-9a-f]{16})","([0-9a-f]{16})"\]\}$/;
const CLOSING = '"]}';

function chained(json: string, previous: string): { readonly line: string; readonly chain: string } {
  const head = `${json.slice(0, -1)},"chain":["${previous}","`;
  const chain = hashOf(head);
  return { line: head + chain + CLOSING, chain };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Reads a journal; damaged lines are passed over and told. */
export function readJournal(files: FileLayer, path: string): JournalContent {
  return parseJournal(reading(basename(path), () => ifExists(() => files.readFile(path))));
}

/** Reads a journal again and again, each time what was added since. */
export class JournalTail {
  readonly #files: FileLayer;
  readonly #path: string;
  #entries: readonly JournalEntry[] = [];
  #last = BEFORE_ALL;

  constructor(files: FileLayer, path: string) {
    this.#files = files;
    this.#path = path;
  }

  /** All entries; the same array where nothing was added. */
  read(): readonly JournalEntry[] {
    const added = this.#parseFrom(this.#last);
    if (added.problems.length === 0) return this.#take(this.#entries, added);
    // The journal was cut, and went on from an earlier line; or it is damaged, and all that is whole is taken.
    this.#last = BEFORE_ALL;
    return this.#take([], this.#parseFrom(BEFORE_ALL));
  }

  #take(before: readonly JournalEntry[], { entries, lines }: JournalContent): readonly JournalEntry[] {
    this.#last = lines.at(-1) ?? this.#last;
    if (before !== this.#entries || entries.length > 0) this.#entries = [...before, ...entries];
    return this.#entries;
  }

  #parseFrom(line: JournalLine): JournalContent {
    const read = () => ifExists(() => this.#files.readFrom(this.#path, line.end));
    const bytes = reading(basename(this.#path), read);
    if (!bytes && line.end > 0) return { entries: [], lines: [], problems: ['it ends before that line'] };
    return parseJournal(bytes, line);
  }
}

/** @param after the line before the first of these bytes @default none */
function parseJournal(bytes: Uint8Array = new Uint8Array(), after = BEFORE_ALL): JournalContent {
  const entries: JournalEntry[] = [];
  const problems: string[] = [];
  const lines: JournalLine[] = [];
  let start = 0;
  for (let ends = lineEnd(bytes, start); ends > start; start = ends, ends = lineEnd(bytes, start)) {
    const end = after.end + ends;
    const place = `line ${lines.length + 1} of the journal`;
    const { sequence, chain } = lines.at(-1) ?? after;
    const line = parseLine(textOf(bytes.subarray(start, ends - 1)));
    if (!line) {
      problems.push(`${place} is garbled`);
      lines.push({ sequence: sequence + 1, chain: '', end });
      continue;
    }
    const { entry } = line;
    if (entry.sequence !== sequence + 1)
      problems.push(`${place} has sequence number ${entry.sequence}, expected ${sequence + 1}`);
    else if (chain && line.previous !== chain) problems.push(`${place} does not follow the line before it`);
    lines.push({ sequence: entry.sequence, chain: line.chain, end });
    entries.push(entry);
  }
  // A line that a crash has torn lacks its end; one that is whole but for its newline was changed later.
  if (parseLine(textOf(bytes.subarray(start, -1))))
    problems.push(`line ${lines.length + 1} of the journal does not end with a newline`);
  return { entries, problems, lines };
}

/** Where the line ends that begins there, 0 where it has no end. */
function lineEnd(bytes: Uint8Array, start: number): number {
  return bytes.indexOf(NEWLINE, start) + 1;
}

interface ParsedLine {
  readonly entry: JournalEntry;
  readonly previous: string;
  readonly chain: string;
}

/** Undefined unless the line proves whole. */
function parseLine(text: string): ParsedLine | undefined {
  const [, previous, chain] = CHAIN.exec(text) ?? [];
  if (!previous || !chain || hashOf(text.slice(0, -chain.length - CLOSING.length)) !== chain)
    return undefined;
  try {
    const { chain: _, ...entry } = JSON.parse(text) as JournalEntry;
    return Number.isSafeInteger(entry.sequence)
      ? { entry: entry as JournalEntry, previous, chain }
      : undefined;
  } catch {
    return undefined;
  }
}

/** No byte is left out, so that what was changed is not what was hashed. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Appends to a journal: one write and one fsync an entry; a line that was torn is cut off before the next. */
export class JournalWriter {
  readonly #files: FileLayer;
  readonly #path: string;
  readonly #keep: number;
  #descriptor: number | undefined;
  #last = BEFORE_ALL;
  #lines = 0;
  #torn = false;

  /** @param keep lines that stay; what is written takes the place of those after them @default all */
  constructor(files: FileLayer, path: string, keep = Number.POSITIVE_INFINITY) {
    this.#files = files;
    this.#path = path;
    this.#keep = keep;
  }

  /**
   * @param makeJson gives the event as a JSON object with its sequence number.
   * @param lasting whether it, and all before it, is to outlast a power loss @default true
   * @throws DnaError `STORE_DISK_FULL` or `STORE_WRITE_FAILED`; the journal keeps its last whole line.
   */
  append(makeJson: (sequence: number) => string, lasting = true): number {
    let bytes: Uint8Array = new Uint8Array();
    try {
      const descriptor = this.#open();
      const { sequence } = this.#last;
      if (this.#torn) this.#files.truncate(descriptor, this.#last.end);
      const { line, chain } = chained(makeJson(sequence + 1), this.#last.chain || NO_LINE);
      bytes = new TextEncoder().encode(`${line}\n`);
      this.#torn = true;
      writeFully(this.#files, descriptor, bytes);
      if (lasting) this.#files.fsync(descriptor);
      this.#last = { sequence: sequence + 1, chain, end: this.#last.end + bytes.length };
    } catch (error) {
      throw writeFailed(basename(this.#path), bytes.length, error);
    }
    this.#torn = false;
    this.#lines++;
    return this.#last.sequence;
  }

  /** How far it has come; undefined before the first append. */
  get seal(): JournalSeal | undefined {
    return this.#descriptor === undefined ? undefined : { lines: this.#lines, chain: this.#last.chain };
  }

  /**
   * The first append opens the file, as a copy that takes its place without what a crash left of a last line: who had
   * the journal before, and has not noticed yet that it has another owner, goes on in a file that nobody reads.
   */
  #open(): number {
    if (this.#descriptor !== undefined) return this.#descriptor;
    const bytes = reading(basename(this.#path), () => ifExists(() => this.#files.readFile(this.#path)));
    const lines = parseJournal(bytes).lines.slice(0, this.#keep);
    const last = lines.at(-1) ?? BEFORE_ALL;
    if (bytes) writeAtomically(this.#files, this.#path, bytes.subarray(0, last.end));
    const descriptor = this.#files.open(this.#path, 'append');
    try {
      this.#files.syncFolder(dirname(this.#path));
    } catch (error) {
      this.#files.close(descriptor);
      throw error;
    }
    this.#descriptor = descriptor;
    this.#lines = lines.length;
    this.#last = last;
    return descriptor;
  }

  close(): void {
    if (this.#descriptor !== undefined) this.#files.close(this.#descriptor);
    this.#descriptor = undefined;
  }
}
