import { expect } from 'vitest';
import { runCommandLine } from '../../dist/cli/command-line.js';

/** Standard output of a command line in a folder. */
export async function output(folder: string, words: readonly string[]): Promise<string> {
  const before = process.cwd();
  const write = process.stdout.write;
  let text = '';
  process.chdir(folder);
  process.stdout.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    expect(await runCommandLine(words)).toBe(0);
  } finally {
    process.stdout.write = write;
    process.chdir(before);
  }
  return text;
}
