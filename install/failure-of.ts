import type { Finished } from './run-tool.js';

/** Of what a program that failed has printed, the message: of a stack the error's, else the last line. */
export function failureOf(result: Finished | undefined): string {
  if (result?.signal) return `it was ended by ${result.signal}`;
  const lines = (result?.output ?? '').trim().split('\n');
  const message = lines.find((line) => /^\w*Error\b.*: /.test(line)) ?? lines.at(-1) ?? '';
  return message.replace(/^\w*Error( \[\w+\])?: /, '') || `it ended with status ${result?.status}`;
}
