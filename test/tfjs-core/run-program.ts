import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import type { Orders } from './child/program.js';

/** Characters of a program's output that are kept, for when it dies. */
const KEPT_OUTPUT = 2000;

export interface Launch {
  /** The file that `bundleTests` wrote. */
  readonly program: string;
  /** A process that records nothing for so long is ended: it hangs in a kernel. */
  readonly silenceSeconds: number;
}

/** Runs the program of a suite in a process; resolves with how it ended. */
export function runProgram({ program, silenceSeconds }: Launch, orders: Orders): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, JSON.stringify(orders)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const hear = (chunk: Buffer) => {
      output = (output + chunk).slice(-KEPT_OUTPUT);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    let silent = false;
    const watch = watchSize(orders.records, silenceSeconds, () => {
      silent = true;
      child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      const reason = silent ? `nothing for ${silenceSeconds} seconds` : (signal ?? `code ${code}`);
      resolve(`the process ended: ${reason}\n${output}`);
    });
  });
}

/** Acts when a file has not grown for some seconds. */
function watchSize(file: string, seconds: number, act: () => void): NodeJS.Timeout {
  let size = 0;
  return setInterval(() => {
    const now = existsSync(file) ? statSync(file).size : 0;
    if (now === size) act();
    size = now;
  }, seconds * 1000);
}
