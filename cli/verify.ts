import { type RunVerification, verifyRun } from 'dna-nas/core';
import { printJson } from './table.js';

/** `dna verify`: whether every file of a run is what was written; the exit code is 1 where one is not. */
export function verifyCommand(folder: string, { json }: { json: boolean }): void {
  const found = verifyRun(folder);
  if (json) printJson({ sound: found.problems.length === 0, ...found });
  else process.stdout.write(describe(folder, found));
  if (found.problems.length > 0) process.exitCode = 1;
}

function describe(folder: string, { whole, problems, unknown }: RunVerification): string {
  const lines = [...problems];
  if (unknown.length > 0) lines.push(`Nothing vouches for ${unknown.join(', ')}.`);
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  lines.push(`${folder}: ${whole.length} files are whole, ${problems.length === 0 ? 'no problem' : count}.`);
  return `${lines.join('\n')}\n`;
}
