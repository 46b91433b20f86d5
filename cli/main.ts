/** `dna`: runs the command line that the process was given. */
import { runCommandLine } from './command-line.js';
import { version } from './program.js';

// `dna config --json | head` closes the pipe early; that is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// Reading the configuration takes a moment: a run shows at once that it is there, and which version writes the log.
const [command, ...rest] = process.argv.slice(2);
if (command === 'run' && !rest.some((word) => word === '--help' || word === '-h'))
  process.stderr.write(`dna-nas ${version()}, Node ${process.versions.node}\n`);

process.exitCode = await runCommandLine(process.argv.slice(2));

// What a run that was stopped has left unfinished, say files that are being looked for, does not keep the process.
const STATE_SAVED = 75;
if (process.exitCode === STATE_SAVED) setTimeout(() => process.exit(), 100).unref();
