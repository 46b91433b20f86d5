import { type CommandRow, commandTable } from '../command-table.js';
import { completionValues } from './values.js';

/**
 * What may stand where on a command line. The scripts are made of it once, so that a press of Tab starts no process:
 * those of `@bomb.sh/tab` 0.0.22 start `dna` at each, half a second, and `omelette` 0.4.17 has none for PowerShell.
 */
export interface CompletionTable {
  /** Commands and groups by their words, `dna` itself as an empty text. */
  readonly paths: readonly string[];
  /** What may follow a command: commands below it, values of its arguments, options. */
  words(path: string): readonly string[];
  /** One line about such a word; empty for values. */
  describe(path: string, word: string): string;
  /** Whether an argument may be a file or folder. */
  takesFiles(path: string): boolean;
  /** Values to offer for options that have a known set; for other options that take a value, files. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Options that take a value. */
  readonly takesValue: readonly string[];
}

/** Reads the table off the commands themselves, those of plugins that are configured in this folder among them. */
export async function completionTable(): Promise<CompletionTable> {
  const rows = new Map((await commandTable({ configured: true })).map((row) => [row.name, row]));
  const known = completionValues();
  // Of a shell or a kind there are these alone; a plugin may be a file.
  const closed = ['<shell>', '<kind>', '<id>'];
  const options = [...rows.values()].flatMap((row) => row.options);
  const takesValue = [...new Set(options.filter((option) => option.takesValue).map(({ long }) => long))];
  return {
    paths: [...rows.keys()],
    takesFiles: (path) => rows.get(path)!.arguments.some(({ usage }) => !closed.includes(usage)),
    words: (path) => wordsOf(rows.get(path)!, known),
    describe: (path, word) =>
      rows.get(`${path} ${word}`.trim())?.description ??
      rows.get(path)!.options.find(({ long }) => long === word)?.description ??
      '',
    values: Object.fromEntries(Object.entries(known).filter(([option]) => takesValue.includes(option))),
    takesValue,
  };
}

function wordsOf(row: CommandRow, known: Readonly<Record<string, readonly string[]>>): string[] {
  const values = row.arguments.flatMap(({ usage }) => known[usage] ?? []);
  return [...row.children, ...values, ...row.options.map(({ long }) => long), '--help'];
}
