import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { partial } from 'dna-nas/files';
import { failureOf } from './failure-of.js';
import { runTool } from './run-tool.js';

/** What a backend says about itself, or why it does not work. */
export type Trial<Told> =
  | ({ readonly works: true } & Told)
  | {
      readonly works: false;
      readonly reason: string;
      /** Where the program itself knows what to do. */
      readonly fix?: string;
    };

/**
 * Runs a program that starts a backend, calculates and prints an object; it may crash. One that finds that the device
 * cannot be used prints `{ "fault": { "reason", "fix" } }`.
 */
export async function runTrial<Told>(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Trial<Told>> {
  const result = await runTool(process.execPath, [program, ...words], { env });
  const told = /^\{.*\}$/m.exec(result?.output ?? '')?.[0];
  if (result?.status !== 0 || told === undefined) return { works: false, reason: failureOf(result) };
  const { fault, ...rest } = JSON.parse(told) as Told & { fault?: { reason: string; fix: string } };
  return fault ? { works: false, ...fault } : { ...(rest as Told), works: true };
}

/** Where the program finds its backend: what is installed, or in `backends`. */
export function trialEnvironment(backends: string | undefined): NodeJS.ProcessEnv {
  return backends === undefined ? {} : { DNA_BACKENDS: backends };
}

/** Has something tried before `installed.json` is written: `write` writes it into a folder that is taken away again. */
export async function tryBeside<Result>(
  home: string,
  write: (home: string) => void,
  attempt: (backends: string) => Promise<Result>,
): Promise<Result> {
  const backends = partial(join(home, 'trial'));
  const trialHome = join(backends, basename(home));
  mkdirSync(trialHome, { recursive: true });
  try {
    write(trialHome);
    return await attempt(backends);
  } finally {
    rmSync(backends, { recursive: true, force: true });
  }
}
