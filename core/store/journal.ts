import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { type FileLayer, ifExists, reading, writeFailed, writeFully } from 'dna-nas/files';

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
  /** Hash that the last line carries of itself. */
  readonly chain: string;
  /** Those of all lines, empty for a garbled one. */
  readonly chains: readonly string[];
}

/** How far a journal had come when that was sealed: it never becomes shorter. */
export interface JournalSeal {
  readonly lines: number;
  /** Hash that the last of them carries of itself. */
  readonly chain: string;
}

/** What a seal finds wrong with a journal that may have gone on since. */
export function sealProblems({ chains }: JournalContent, seal: JournalSeal | undefined): readonly string[] {
  if (!seal) return [];
  const { lines, chain } = seal;
  if (chains.length < lines) {
    return [`the journal ends after line ${chains.length}; it had ${lines} when it was sealed`];
  }
  const found = chains[lines - 1];
  return found && found !== chain ? [`line ${lines} of the journal is not the one that was sealed`] : [];
}

const NEWLINE = 0x0a;
/** What the first line follows. */
const NO_LINE = '0'.repeat(16);
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
  const bytes = reading('journal.jsonl', () => ifExists(() => files.readFile(path))) ?? new Uint8Array();
  const length = bytes.lastIndexOf(NEWLINE) + 1;
  const lines = textOf(bytes.subarray(0, length)).split('\n').slice(0, -1);
  const entries: JournalEntry[] = [];
  const problems: string[] = [];
  let sequence = 0;
  let chain = NO_LINE;
  const chains: string[] = [];
  for (const [index, text] of lines.entries()) {
    const line = parseLine(text);
    if (!line) {
      problems.push(`line ${index + 1} of the journal is garbled`);
      sequence++;
      chain = '';
      chains.push(chain);
      continue;
    }
    const place = `line ${index + 1} of the journal`;
    const { entry } = line;
    if (entry.sequence !== sequence + 1)
      problems.push(`${place} has sequence number ${entry.sequence}, expected ${sequence + 1}`);
    else if (chain && line.previous !== chain) problems.push(`${place} does not follow the line before it`);
    sequence = entry.sequence;
    chain = line.chain;
    chains.push(chain);
    entries.push(entry);
  }
  // A line that a crash has torn lacks its end; one that is whole but for its newline was changed later.
  if (parseLine(textOf(bytes.subarray(length, -1))))
    problems.push(`line ${lines.length + 1} of the journal does not end with a newline`);
  return { entries, problems, length, sequence, chain: chain || NO_LINE, chains };
}

interface JournalLine {
  readonly entry: JournalEntry;
  readonly previous: string;
  readonly chain: string;
}

/** Undefined unless the line proves whole. */
function parseLine(text: string): JournalLine | undefined {
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
  #descriptor: number | undefined;
  #length = 0;
  #lines = 0;
  #sequence = 0;
  #chain = NO_LINE;
  #torn = false;

  constructor(files: FileLayer, path: string) {
    this.#files = files;
    this.#path = path;
  }

  /**
   * @param makeJson gives the event as a JSON object with its sequence number.
   * @throws DnaError `STORE_DISK_FULL` or `STORE_WRITE_FAILED`; the journal keeps its last whole line.
   */
  append(makeJson: (sequence: number) => string): number {
    let bytes: Uint8Array = new Uint8Array();
    let chain = '';
    try {
      const descriptor = this.#open();
      if (this.#torn) this.#files.truncate(descriptor, this.#length);
      const made = chained(makeJson(this.#sequence + 1), this.#chain);
      chain = made.chain;
      bytes = new TextEncoder().encode(`${made.line}\n`);
      this.#torn = true;
      writeFully(this.#files, descriptor, bytes);
      this.#files.fsync(descriptor);
    } catch (error) {
      throw writeFailed('journal.jsonl', bytes.length, error);
    }
    this.#torn = false;
    this.#length += bytes.length;
    this.#chain = chain;
    this.#lines++;
    return ++this.#sequence;
  }

  /** How far it has come; undefined before the first append. */
  get seal(): JournalSeal | undefined {
    return this.#descriptor === undefined ? undefined : { lines: this.#lines, chain: this.#chain };
  }

  /** The first append opens the file and cuts off what a crash left of a last line. */
  #open(): number {
    if (this.#descriptor !== undefined) return this.#descriptor;
    const { length, sequence, chain, chains } = readJournal(this.#files, this.#path);
    const descriptor = this.#files.open(this.#path, 'append');
    try {
      this.#files.syncFolder(dirname(this.#path));
    } catch (error) {
      this.#files.close(descriptor);
      throw error;
    }
    this.#descriptor = descriptor;
    this.#length = length;
    this.#lines = chains.length;
    this.#sequence = sequence;
    this.#chain = chain;
    this.#torn = true;
    return descriptor;
  }

  close(): void {
    if (this.#descriptor !== undefined) this.#files.close(this.#descriptor);
    this.#descriptor = undefined;
  }
}
