import { join } from 'node:path';
import type { ObservedJob } from 'dna-nas/core/contracts';
import { type AttachedRunFolder, attachRunFolder } from 'dna-nas/core/store';
import type { DnaError } from 'dna-nas/errors';
import { listTasks, type TaskStatus } from '../runs/list-tasks.js';
import { lastLine } from './last-line.js';
import { LaunchRecord, type SubmittedJob } from './launch-record.js';
import { isRemote, openLauncher } from './open-launcher.js';

/** A task that is not finished, with what is known of who works on it. */
export interface OpenTask extends TaskStatus {
  /** The job that was last started for it, in the scheduler's words; `gone`: it has ended. */
  readonly job?: ObservedJob;
  /** Of the last process that had it: steps at its last save, and in all. */
  readonly step?: number;
  readonly steps?: number;
  /** Between its first save and its last. */
  readonly stepsPerSecond?: number;
  /** From its last save on, at that speed. */
  readonly secondsLeft?: number;
  /** Last line that its job wrote, or the code by which the last process left it. */
  readonly lastWords?: string;
}

/** A job that has no tasks: what goes on with the run. */
export interface OpenJob {
  readonly name: string;
  readonly job: ObservedJob;
  readonly lastWords?: string;
}

/** How far a run is that others may be working on. */
export interface RunStatus {
  readonly run: string;
  readonly complete: boolean;
  /** Tasks of each stage, and those of them that are finished. */
  readonly stages: readonly { readonly stage: string; readonly tasks: number; readonly finished: number }[];
  readonly tasks: readonly OpenTask[];
  readonly jobs: readonly OpenJob[];
  /** Why nothing is known of jobs that were submitted; absent where it is, or where there are none. */
  readonly unobserved?: string;
}

const GONE = 'gone';

/**
 * Reads how far a run is, on any machine that sees its folder; asks the scheduler too where it was launched and can be
 * asked from here. Changes nothing.
 * @throws DnaError `RUN_NOT_FOUND`.
 */
export async function runStatus(path: string): Promise<RunStatus> {
  const { run, complete, tasks } = listTasks(path);
  const folder = attachRunFolder(path);
  const record = new LaunchRecord(path);
  const jobs = record.exists ? record.jobs : [];
  const { observed, unobserved } = jobs.length > 0 ? await observe(record) : { observed: [] };
  const parts = partsOf(jobs, record, observed);
  const open = tasks.filter(({ state }) => state !== 'finished');
  return {
    ...{ run, complete, stages: countStages(tasks) },
    tasks: open.map((task) => openTask(task, folder, parts.get(task.id))),
    jobs: complete ? [] : jobsAlone(parts),
    ...(unobserved !== undefined && { unobserved }),
  };
}

async function observe(
  record: LaunchRecord,
): Promise<{ observed?: readonly ObservedJob[]; unobserved?: string }> {
  try {
    const launcher = await openLauncher(record.setting, record);
    if (!isRemote(launcher)) return { observed: [] };
    const observed = await launcher.observe();
    return observed ? { observed } : { unobserved: 'the scheduler cannot be asked from here' };
  } catch (error) {
    const { code, message } = error as DnaError;
    if (code === undefined) throw error;
    return { unobserved: message };
  }
}

/** The last part of a job that was started for a task, or for a job without tasks. */
interface Part {
  readonly log: string;
  /** Absent where the scheduler was not asked, and where a person starts jobs. */
  readonly job?: ObservedJob;
  readonly name?: string;
}

/** By task; jobs without tasks by `job ` and their name. Later ones stand for earlier ones. */
function partsOf(
  jobs: readonly SubmittedJob[],
  record: LaunchRecord,
  observed: readonly ObservedJob[] | undefined,
): ReadonlyMap<string, Part> {
  const states = new Map(observed?.map((job) => [job.id, job]));
  const parts = new Map<string, Part>();
  for (const { launch, name, tasks, started } of jobs) {
    const last = started.findLast((link) => link.parts.some(({ id }) => states.has(id))) ?? started.at(-1);
    for (const [index, { id, log }] of (last?.parts ?? []).entries()) {
      const job = observed && { job: states.get(id) ?? { id, state: GONE } };
      const alone = tasks.length === 0;
      parts.set(alone ? `job ${name}` : tasks[index]!, {
        ...{ log: join(record.files(launch), log), ...job, ...(alone && { name }) },
      });
    }
  }
  return parts;
}

function jobsAlone(parts: ReadonlyMap<string, Part>): OpenJob[] {
  return [...parts.values()].flatMap(({ name, job, log }) => {
    if (name === undefined || !job) return [];
    const lastWords = lastLine(log);
    return [{ name, job, ...(lastWords !== undefined && { lastWords }) }];
  });
}

function countStages(tasks: readonly TaskStatus[]): RunStatus['stages'] {
  return [...new Set(tasks.map(({ stage }) => stage))].map((stage) => {
    const own = tasks.filter((task) => task.stage === stage);
    return { stage, tasks: own.length, finished: own.filter(({ state }) => state === 'finished').length };
  });
}

function openTask(task: TaskStatus, folder: AttachedRunFolder, part: Part | undefined): OpenTask {
  // A task that nobody can have begun has nothing to say.
  const told = task.state === 'waiting' ? [] : folder.readClaim(task.id);
  const left = told.findLast(({ event }) => event === 'taskLeft');
  const lastWords = (part && lastLine(part.log)) ?? left?.code;
  return {
    ...task,
    ...(part?.job && { job: part.job }),
    ...progressOf(told.filter(({ event }) => event === 'taskSaved') as unknown as Save[]),
    ...(lastWords !== undefined && { lastWords: String(lastWords) }),
  };
}

interface Save {
  readonly step: number;
  readonly steps?: number;
  readonly seconds: number;
}

function progressOf(
  saves: readonly Save[],
): Pick<OpenTask, 'step' | 'steps' | 'stepsPerSecond' | 'secondsLeft'> {
  const [first, last] = [saves[0], saves.at(-1)];
  if (!first || !last) return {};
  const { step, steps } = last;
  const speed = (step - first.step) / (last.seconds - first.seconds);
  const known = Number.isFinite(speed) && speed > 0;
  return {
    step,
    ...(steps !== undefined && { steps }),
    ...(known && { stepsPerSecond: speed }),
    ...(known && steps !== undefined && { secondsLeft: (steps - step) / speed }),
  };
}
