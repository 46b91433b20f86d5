import { join } from 'node:path';
import { runCommandLine } from '../../dist/cli/command-line.js';

export interface Told {
  readonly code: number;
  /** Standard error; the project's folder stands as `<project>`. */
  readonly text: string;
}

/** Runs a command line in this process, in a project's folder, and catches what it tells on standard error. */
export async function tell(project: string, words: readonly string[]): Promise<Told> {
  const before = process.cwd();
  const write = process.stderr.write;
  let text = '';
  process.chdir(project);
  process.stderr.write = ((chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    const code = await runCommandLine(words);
    return { code, text: neutral(text, project) };
  } finally {
    process.stderr.write = write;
    process.chdir(before);
  }
}

/** The text without what differs between machines and runs. */
function neutral(text: string, project: string): string {
  return text
    .replaceAll(project, '<project>')
    .replaceAll(join(import.meta.dirname, '..', '..'), '<package>')
    .replaceAll(/process \d+ on \S+ since \S+ \(.*?\)/g, 'process <pid> on <host> since <time> (<age>)')
    .trimEnd();
}
