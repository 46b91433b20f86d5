import { homedir, hostname, userInfo } from 'node:os';
import { packageVersion } from 'dna-nas/core';
import { DnaError } from 'dna-nas/errors';
import { checkBackends } from './doctor/backends.js';
import { checkData, checkWriting } from './doctor/files.js';
import type { Finding } from './doctor/finding.js';
import { checkLauncherHere } from './doctor/launcher.js';
import { checkDisk, checkMemory, checkNode, checkThreads } from './doctor/machine.js';
import { printable } from './printable.js';
import { printJson } from './table.js';

export interface DoctorOptions {
  readonly json: boolean;
  /** Looks at what this launcher needs of the site, too. */
  readonly launcher?: string;
  /** Its options. */
  readonly set?: readonly string[];
}

/**
 * `dna doctor`: whether this machine and folder are ready for a run, each check with its fix, and a block for a bug
 * report that names neither people nor places.
 * @throws DnaError `DOCTOR_FOUND` if a run cannot work here.
 */
export async function doctorCommand({ json, launcher, set = [] }: DoctorOptions): Promise<void> {
  const findings: Finding[] = [];
  const tell = (finding: Finding) => {
    findings.push(withoutNames(finding));
    if (!json) process.stdout.write(`${printable(format(findings.at(-1)!))}\n`);
  };
  const project = process.cwd();
  tell(checkNode());
  tell(await checkThreads());
  tell(checkMemory());
  tell(checkDisk(project));
  tell(checkWriting(project));
  tell(checkData(project));
  for (const finding of await checkBackends()) tell(finding);
  if (launcher !== undefined) for (const finding of await checkLauncherHere(launcher, set)) tell(finding);
  const bad = findings.filter(({ level }) => level === 'failed');
  if (json) printJson({ version: packageVersion(), ready: bad.length === 0, checks: findings });
  else process.stdout.write(`\n${reportBlock(findings)}\n`);
  if (bad.length > 0) throw doctorFound(bad.map(({ check }) => check));
}

function format({ check, level, found, fix }: Finding): string {
  const line = `${level.padEnd(6)}  ${check}: ${found}`;
  return fix === undefined ? line : `${line}\n        → ${fix}`;
}

/** To be pasted into a bug report, in Markdown. */
function reportBlock(findings: readonly Finding[]): string {
  const lines = findings.map(({ check, level, found }) => `${level} ${check}: ${found}`);
  return [
    'For a bug report, without names and paths:',
    '',
    '```text',
    `dna-nas ${packageVersion()}`,
    ...lines,
    '```',
  ].join('\n');
}

/** What backends and the disk say may hold folders, and folders may hold names. */
function withoutNames(finding: Finding): Finding {
  const clean = (text: string) =>
    hidden().reduce((rest, [name, stands]) => rest.replaceAll(name, stands), text);
  const { fix } = finding;
  return { ...finding, found: clean(finding.found), ...(fix !== undefined && { fix: clean(fix) }) };
}

/** Longer ones first, as one may lie in another. */
function hidden(): [name: string, stands: string][] {
  const names: [string, string][] = [
    [process.cwd(), '<this folder>'],
    [homedir(), '<home>'],
    [process.env.DNA_BACKENDS ?? '', '<backends>'],
    [hostname(), '<host>'],
    [userName(), '<user>'],
  ];
  // A name of a letter or two would hit words.
  return names.filter(([name]) => name.length > 2).sort(([a], [b]) => b.length - a.length);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

function doctorFound(checks: readonly string[]): DnaError {
  return new DnaError(
    'DOCTOR_FOUND',
    `A run cannot work here: ${checks.join(', ')}.`,
    'Do what stands below each check that failed.',
  );
}
