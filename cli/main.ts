/** `dna`: parses the command line and hands over to one file a command, loaded when it is asked for. */
import { CommanderError } from 'commander';
import { createProgram } from './program.js';
import { reportError } from './report-error.js';

// `dna config --json | head` closes the pipe early; that is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const STACK = '--stack';
const given = process.argv.slice(2);
const stack = given.includes(STACK);

try {
  const words = given.filter((argument) => argument !== STACK);
  const program = await createProgram(words);
  if (words.length === 0) program.outputHelp();
  else await program.parseAsync(words, { from: 'user' });
} catch (error) {
  // Commander has printed its own message by now.
  process.exitCode =
    error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : reportError(error, { stack });
}
