import { spawn } from 'node:child_process';

export interface Finished {
  /** Null where a signal ended it, `signal` says which. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

export interface ToolOptions {
  readonly folder?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end, its output kept; undefined where there is no such program. */
export function runTool(
  command: string,
  words: readonly string[],
  { folder, env }: ToolOptions = {},
): Promise<Finished | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      ...(folder !== undefined && { cwd: folder }),
      env: { ...process.env, ...env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const add = (chunk: string) => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', add);
    child.stderr.setEncoding('utf8').on('data', add);
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    child.on('close', (status, signal) => resolve({ status, signal, output }));
  });
}
