import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CommandResult, tell, tellInline } from './command-line.js';
import { type Files, project } from './project.js';

export interface Mistake {
  readonly name: string;
  /** The project's files; a configuration is `dna.config.json`. */
  readonly files?: Files;
  /** Changes the project once its files are there. */
  readonly before?: (folder: string) => unknown;
  /** @default ['run'] */
  readonly words?: readonly string[];
  /** Exit code. @default 2 */
  readonly code?: number;
}

/** Of a message, and of each problem of a list beyond the first. */
const MOST_LINES = 6;
const PROBLEM_LINES = 4;

/** What every message must be, whatever it says. */
export function checkMessage({ text }: CommandResult): void {
  expect(text, 'begins with its code').toMatch(/^(error [A-Z][A-Z_]+|stopped): \S/);
  expect(text, 'says what to do').toMatch(/\n→ \S|\n {4}expected /);
  const problems = Number(/has (\d+) problems/.exec(text)?.[1] ?? 1);
  const most = MOST_LINES + (problems - 1) * PROBLEM_LINES;
  expect(text.split('\n').length, text).toBeLessThanOrEqual(most);
  expect(text, 'has no stack').not.toMatch(/\n\s+at /);
  expect(text, 'names no absolute path of the project').not.toContain('<project>/');
}

/** One test a row: the exit code, the rules above, and the whole text. `inline`: without worker threads. */
export function mistakes(rows: readonly Mistake[], { inline = false } = {}): void {
  for (const { name, files, before, words = ['run'], code = 2 } of rows) {
    test(name, async () => {
      const folder = await project(files);
      await before?.(folder);
      const kept = runFiles(folder);
      const told = await (inline ? tellInline : tell)(folder, words);
      expect(told.text).toMatchSnapshot();
      expect(told.code, told.text).toBe(code);
      checkMessage(told);
      expect(runFiles(folder), 'nothing of an existing run is lost').toMatchObject(kept);
    });
  }
}

/** Files of the runs that are there, by name, with their content; owners and journals go on. */
function runFiles(folder: string): Record<string, string> {
  const runs = join(folder, 'runs');
  if (!existsSync(runs) || !statSync(runs).isDirectory()) return {};
  const names = readdirSync(runs, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !/lock|journal/.test(name) && statSync(join(runs, name)).isFile(),
  );
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(runs, name), 'latin1')]));
}
