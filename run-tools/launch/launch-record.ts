import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { JsonObject } from 'dna-nas/core';
import type { ResolvedPlugin } from 'dna-nas/core/config';
import type { LaunchJob, StartedJob } from 'dna-nas/core/contracts';
import { ifExists, isPlainObject, makeFolder, nodeFiles, writeAtomically } from 'dna-nas/files';
import { launchDamaged, notLaunched } from './errors.js';

/** Beside the run folders, which hold nothing of a machine and can be copied as they are. */
const LAUNCHES = '.launch';
const HOW = 'launch.json';
const JOB = '.job.json';
/** A file that scripts of launchers look for before they have themselves started again. */
const CANCELLED = 'cancelled';

/** How a run is launched: all that a job needs to know to go on with it. */
export interface LaunchSetting {
  /** The launcher as its plugin is reached. */
  readonly plugin: ResolvedPlugin;
  /** Its options, by dotted path: `launcher.sbatch`. */
  readonly options: JsonObject;
  /** Absolute. */
  readonly project: string;
  /** Options of this machine by dotted path that were given for the run's tasks. */
  readonly machine: JsonObject;
}

/** A job as it was submitted. */
export interface SubmittedJob extends LaunchJob {
  /** Number of its launch. */
  readonly launch: number;
  readonly started: readonly StartedJob[];
}

/** What was launched of one run: how, and which jobs. */
export class LaunchRecord {
  /** Absolute. */
  readonly path: string;
  readonly #run: string;

  /** @param folder the run's. */
  constructor(folder: string) {
    this.#run = folder;
    const path = resolve(folder);
    this.path = join(dirname(path), LAUNCHES, basename(path));
  }

  /** @throws DnaError `LAUNCH_UNKNOWN` where the run was never launched. */
  get setting(): LaunchSetting {
    const file = join(this.path, HOW);
    const setting = readJson(file);
    if (setting === undefined) throw notLaunched(this.#run);
    const { plugin, options, project, machine } = setting;
    if (!isPlainObject(plugin) || typeof project !== 'string') throw launchDamaged(file);
    if (!isPlainObject(options) || !isPlainObject(machine)) throw launchDamaged(file);
    return setting as unknown as LaunchSetting;
  }

  set setting(setting: LaunchSetting) {
    makeFolder(nodeFiles, this.path);
    write(join(this.path, HOW), setting);
  }

  /** Whether the run was launched. */
  get exists(): boolean {
    return readJson(join(this.path, HOW)) !== undefined;
  }

  /** Numbers of the launches so far. */
  get launches(): number[] {
    const names = ifExists(() => readdirSync(this.path)) ?? [];
    return names
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  /** Folder of a launch's own files. */
  files(launch: number): string {
    return join(this.path, String(launch));
  }

  /** A folder for the files of a further launch. */
  begin(): number {
    const launch = (this.launches.at(-1) ?? 0) + 1;
    makeFolder(nodeFiles, this.files(launch));
    return launch;
  }

  /** All jobs so far, in the order of their launches. */
  get jobs(): SubmittedJob[] {
    return this.launches.flatMap((launch) => {
      const folder = this.files(launch);
      return jobFiles(folder).map((name) => readJob(join(folder, name), launch));
    });
  }

  /** Says that jobs of a launch are not to be started again by themselves. */
  stop(launch: number): void {
    write(join(this.files(launch), CANCELLED), {});
  }

  /** Keeps that a job was started, at once: whoever goes on after a crash starts no job twice. */
  add(launch: number, job: LaunchJob, started: readonly StartedJob[]): void {
    const folder = this.files(launch);
    write(join(folder, `${jobFiles(folder).length + 1}-${job.name}${JOB}`), { ...job, started });
  }
}

/** In the order of being started. */
function jobFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(JOB))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

function readJob(file: string, launch: number): SubmittedJob {
  const job = readJson(file);
  const sound = job && typeof job.name === 'string' && Array.isArray(job.tasks) && Array.isArray(job.started);
  if (!sound) throw launchDamaged(file);
  return { ...(job as unknown as SubmittedJob), launch };
}

function readJson(file: string): Record<string, unknown> | undefined {
  const text = ifExists(() => readFileSync(file, 'utf8'));
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isPlainObject(value)) return value;
  } catch {
    // What is no JSON is as wrong as what is no object.
  }
  throw launchDamaged(file);
}

function write(file: string, value: unknown): void {
  writeAtomically(nodeFiles, file, new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`));
}
