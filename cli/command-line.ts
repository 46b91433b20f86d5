import { type Command, CommanderError } from 'commander';
import { createProgram } from './program.js';
import { reportError } from './report-error.js';
import { usageError } from './usage-error.js';

const STACK = '--stack';
const USAGE = 2;

/**
 * Runs one command line (without `node` and the program's name) in this process and prints what it prints.
 *
 * @returns the exit code: 0 done, 1 failed, 2 usage or configuration, 75 stopped with the state saved.
 */
export async function runCommandLine(given: readonly string[]): Promise<number> {
  const stack = given.includes(STACK);
  // Commands are loaded from here on: what the build has put into one file is told by the files that it was written in.
  if (stack) process.setSourceMapsEnabled(true);
  const words = given.filter((argument) => argument !== STACK);
  try {
    const program = await createProgram(words);
    if (words.length === 0) program.outputHelp();
    else await parse(program, words);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    return reportError(error, { stack });
  }
}

/** Lets commander tell its helps itself, and tells what is wrong with a command line as we do. */
async function parse(program: Command, words: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    const isHelp =
      error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help');
    if (!(error instanceof CommanderError) || isHelp) throw error;
    throw usageError(error, program, words);
  }
}
