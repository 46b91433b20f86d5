/** `dna`: runs the command line that the process was given. */
import { runCommandLine } from './command-line.js';

// `dna config --json | head` closes the pipe early; that is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCommandLine(process.argv.slice(2));
