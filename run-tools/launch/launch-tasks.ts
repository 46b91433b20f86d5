import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from 'dna-nas/core';
import type { LaunchContext, LaunchJob, RemoteLauncher } from 'dna-nas/core/contracts';
import { nodeFiles, writeAtomically } from 'dna-nas/files';
import type { LaunchRecord, LaunchSetting, SubmittedJob } from './launch-record.js';

/** What `dna` is on every machine that sees this package where it is here. */
const DNA = [process.execPath, fileURLToPath(new URL('../../../bin/dna.js', import.meta.url))];

/** A run, its launcher and what is known of its launches. */
export interface LaunchedRun {
  /** The run's folder, absolute. */
  readonly folder: string;
  readonly run: string;
  readonly launcher: RemoteLauncher;
  readonly setting: LaunchSetting;
  readonly record: LaunchRecord;
}

/** What came of a launch. */
export interface Launch {
  readonly jobs: readonly SubmittedJob[];
  /** Folder of its files. */
  readonly files: string;
  /** What people are to start themselves; absent where everything was started. */
  readonly text?: string;
}

/** Where a run's launch belongs: the folders, and the commands that its jobs are made of. */
export function launchContext({ folder, run, setting }: LaunchedRun, files: string): LaunchContext {
  return {
    ...{ run, folder, files, project: setting.project },
    taskCommand: [...DNA, 'task', folder],
    taskOptions: settingWords(setting.machine),
    advanceCommand: [...DNA, 'advance', folder],
  };
}

/**
 * Writes the files of some jobs and starts these in their order; each is kept as soon as it is started.
 * @param waitsFor Ids of jobs of earlier launches that have to end before a job begins.
 */
export async function launchJobs(
  launched: LaunchedRun,
  jobs: readonly LaunchJob[],
  waitsFor: (job: LaunchJob) => readonly string[],
): Promise<Launch> {
  const { launcher, record } = launched;
  const launch = record.begin();
  const files = record.files(launch);
  const context = launchContext(launched, files);
  const plan = launcher.plan(jobs, context);
  for (const [name, text] of Object.entries(plan.files))
    writeAtomically(nodeFiles, join(files, name), new TextEncoder().encode(text));
  const submitted: SubmittedJob[] = [];
  for (const job of jobs) {
    const ids = submitted
      .filter(({ name }) => job.after.includes(name))
      .flatMap(({ started }) => started.slice(-1).map(({ id }) => id));
    const started = await launcher.submit(job, context, [...ids, ...waitsFor(job)]);
    record.add(launch, job, started);
    submitted.push({ ...job, launch, started });
  }
  return { jobs: submitted, files, ...(plan.text !== undefined && { text: plan.text }) };
}

function settingWords(machine: JsonObject): string[] {
  return Object.entries(machine).flatMap(([path, value]) => ['--set', `${path}=${JSON.stringify(value)}`]);
}
