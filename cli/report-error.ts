import { sep } from 'node:path';
import type { DnaError } from 'dna-nas/errors';
import colours from 'picocolors';
import { printable } from './printable.js';

/** The error's own fields: it may come from another thread, where its class is another. */
type Reported = Error & Partial<Pick<DnaError, 'code' | 'hint' | 'exitCode'>>;

/** Prints an error for people on standard error: what is wrong, what to do. Returns the exit code. */
export function reportError(error: unknown, { stack }: { stack: boolean }): number {
  // Not undefined, which stands for picocolors's own guess: it takes any CI for a terminal with colours.
  const { red, yellow, dim } = colours.createColors(
    process.stderr.isTTY === true && colours.isColorSupported,
  );
  const known = (error instanceof Error ? error : new Error(String(error))) as Reported;
  const expected = known.name === 'DnaError';
  const saved = known.code === 'STOPPED';
  const label = saved ? yellow('stopped') : red(expected ? `error ${known.code}` : 'unexpected error');
  const lines = [`${label}: ${fromHere(known.message)}`];
  if (known.hint) lines.push(`${dim('→')} ${fromHere(known.hint)}`);
  else if (!expected && !stack)
    lines.push(`${dim('→')} Run the command again with --stack to see where it failed.`);
  if (stack && known.stack) lines.push(dim(places(known)), ...causes(known).map(dim));
  process.stderr.write(`${lines.join('\n')}\n`);
  return known.exitCode ?? 1;
}

/** Files below this folder as seen from it; what would steer a terminal, taken from some file, is made harmless. */
function fromHere(given: string): string {
  const folder = process.cwd();
  const text = printable(given);
  return folder === sep
    ? text
    : text.replaceAll(`file://${folder}${sep}`, './').replaceAll(folder + sep, './');
}

/** The stack without the message, which is printed already. */
function places({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

function causes(error: Error): string[] {
  const stacks: string[] = [];
  for (
    let cause = error.cause;
    cause !== undefined;
    cause = cause instanceof Error ? cause.cause : undefined
  ) {
    stacks.push(`caused by ${cause instanceof Error ? `${cause}\n${places(cause)}` : String(cause)}`);
  }
  return stacks;
}
