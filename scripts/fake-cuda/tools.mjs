// Running compilers and the like.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';

/** Ends with the exit code and all that the program printed. */
export function finish(command, words, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, words, options);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += part));
    child.on('error', (error) => resolve({ status: -1, text: error.message }));
    child.on('close', (status, signal) => resolve({ status: status ?? signal, text }));
  });
}

/** The same, and throws with what was printed unless the program succeeds. */
export async function run(command, words, options) {
  const { status, text } = await finish(command, words, options);
  if (status !== 0) throw new Error(`${basename(command)} ${words.join(' ')} ends with ${status}\n${text}`);
  return text;
}

/** Works at as many items at a time as there are processors. */
export async function inParallel(items, work) {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
