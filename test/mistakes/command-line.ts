import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { builtInPresets } from 'dna-nas/core/plugin';
import type { StageName } from 'dna-nas/core/stages';
import { runCommandLine } from '../../dist/cli/command-line.js';
import { reportError } from '../../dist/cli/report-error.js';

export interface CommandResult {
  readonly code: number;
  /** Standard error; the project's folder stands as `<project>`. */
  readonly text: string;
}

/** Runs a command line in this process, in a project's folder, and catches what it tells on standard error. */
export function tell(project: string, words: readonly string[]): Promise<CommandResult> {
  return listen(project, () => runCommandLine(words));
}

/** `dna run --set … --until …` without worker threads, told as the command line tells it. */
export function tellInline(project: string, words: readonly string[]): Promise<CommandResult> {
  const values = (flag: string) => words.filter((_, index) => words[index - 1] === flag);
  const [until] = values('--until') as StageName[];
  return listen(project, async () => {
    try {
      await run({ project, set: values('--set') }, { inline: true, ...(until && { until }) });
      return 0;
    } catch (error) {
      return reportError(error, { stack: false });
    }
  });
}

export async function listen(project: string, work: () => Promise<number>): Promise<CommandResult> {
  const before = process.cwd();
  const write = process.stderr.write;
  let text = '';
  process.chdir(project);
  process.stderr.write = ((chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    const code = await work();
    return { code, text: neutral(text, project) };
  } finally {
    process.stderr.write = write;
    process.chdir(before);
  }
}

/** The text without what differs between machines and runs. */
function neutral(text: string, project: string): string {
  return text
    .replaceAll(project, '<project>')
    .replaceAll(join(import.meta.dirname, '..', '..'), '<package>')
    .replaceAll(/process \d+ on \S+ since \S+ \(.*?\)/g, 'process <pid> on <host> since <time> (<age>)')
    .replaceAll(`(${builtInPresets().join(', ')})`, '(<presets>)')
    .replaceAll(`there are: ${builtInPresets().join(', ')}`, 'there are: <presets>')
    .replaceAll(/the commands are [a-z, ]+\./g, 'the commands are <commands>.')
    .replaceAll(/-[0-9a-f]{16}\./g, '-<hash>.')
    .replaceAll(/tensors hold [\d.]+ MB/g, 'tensors hold <some> MB')
    .trimEnd();
}
