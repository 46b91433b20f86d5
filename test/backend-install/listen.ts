import { runCommandLine } from '../../dist/cli/command-line.js';

export interface CommandResult {
  readonly code: number;
  /** Standard output and standard error, as they came. */
  readonly text: string;
}

/** Runs a command line in this process, in a folder and with an environment, and catches what it prints. */
export async function listen(
  words: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<CommandResult> {
  const before = { folder: process.cwd(), env: { ...process.env } };
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  let text = '';
  for (const stream of streams) {
    stream.write = ((chunk: string | Uint8Array) => {
      text += chunk;
      return true;
    }) as typeof stream.write;
  }
  setEnv(env);
  process.chdir(folder);
  try {
    return { code: await runCommandLine(words), text: text.trimEnd() };
  } finally {
    process.chdir(before.folder);
    setEnv(Object.fromEntries(Object.keys(env).map((name) => [name, before.env[name]])));
    for (const [index, stream] of streams.entries()) stream.write = writes[index]!;
  }
}

function setEnv(env: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
