import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Orders } from './child/program.js';

/** Characters of a program's output that are kept, for when it dies. */
const KEPT_OUTPUT = 2000;
const LOOK_MILLISECONDS = 500;
/** A process that is not let compute, on a busy machine, is waited for by so many times as long. */
const IDLE_FACTOR = 20;
const TICKS_A_SECOND = 100;

export interface Launch {
  /** The file that `bundleTests` wrote. */
  readonly program: string;
  /** A process that records nothing while it computes for so long is ended: it hangs in a kernel. */
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
    const watch = watchSize(orders.records, { pid: child.pid, seconds: silenceSeconds }, () => {
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

/** Acts when a file has not grown while a process computed for some seconds, or for so many times as long by the clock. */
function watchSize(file: string, { pid, seconds }: Watched, act: () => void): NodeJS.Timeout {
  const look = () => ({ size: sizeOf(file), computed: processorSeconds(pid), at: performance.now() / 1000 });
  let last = look();
  return setInterval(() => {
    const now = look();
    if (now.size !== last.size) last = now;
    else if (now.computed - last.computed >= seconds || now.at - last.at >= IDLE_FACTOR * seconds) act();
  }, LOOK_MILLISECONDS);
}

interface Watched {
  readonly pid: number | undefined;
  readonly seconds: number;
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

/** What a process has computed so far, all threads together; 0 where the system does not tell. */
function processorSeconds(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return 0;
  }
}
