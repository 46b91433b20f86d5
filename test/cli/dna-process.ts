import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const DNA = fileURLToPath(new URL('../../bin/dna.js', import.meta.url));

/** How a process of `dna` ended, and all that it printed. */
export interface Ended {
  readonly code: number | null;
  /** The signal that ended it. */
  readonly killed: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface DnaOptions {
  /** The working directory. */
  readonly folder: string;
  /** Beside the variables of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Hears all of standard error so far whenever there is more. */
  readonly onError?: (err: string, child: ChildProcess) => void;
}

/** Starts `dna …` of this package in a process of its own. */
export function startDna(words: readonly string[], { folder, env, onError }: DnaOptions) {
  const child = spawn(process.execPath, [DNA, ...words], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
    onError?.(err, child);
  });
  const ended = once(child, 'close').then(([code, killed]): Ended => ({ code, killed, out, err }));
  return { child, ended };
}
