import type { LaunchJob, ObservedJob } from 'dna-nas/core/contracts';
import type { TaskStatus } from '../runs/list-tasks.js';
import type { SubmittedJob } from './launch-record.js';

/** Name of the job that goes on with the run. */
export const ADVANCE = 'advance';

/** What of a run is submitted already. */
export interface JobsSoFar {
  /** Tasks that a job was ever started for. */
  readonly submitted: ReadonlySet<string>;
  /** Those of them that a job may still execute, with its id. */
  readonly live: ReadonlyMap<string, string>;
  /** Ids of jobs of which something is live. */
  readonly liveJobs: readonly string[];
}

/** Which tasks the jobs of a run have, and which of them a scheduler still knows. */
export function jobsSoFar(jobs: readonly SubmittedJob[], observed: readonly ObservedJob[]): JobsSoFar {
  const known = new Set(observed.map(({ id }) => id));
  const submitted = new Set<string>();
  const live = new Map<string, string>();
  const liveJobs = new Set<string>();
  for (const { tasks, started } of jobs) {
    for (const task of tasks) submitted.add(task);
    for (const { id, parts } of started) {
      for (const [index, part] of parts.entries()) {
        if (!known.has(part.id)) continue;
        liveJobs.add(id);
        if (tasks[index] !== undefined) live.set(tasks[index], id);
      }
    }
  }
  return { submitted, live, liveJobs: [...liveJobs] };
}

/** Ids of jobs of earlier launches that a job waits for: what its tasks need, or, where it has none, all that is live. */
export function earlierJobs(
  job: LaunchJob,
  tasks: readonly TaskStatus[],
  { live, liveJobs }: JobsSoFar,
): readonly string[] {
  if (job.tasks.length === 0) return liveJobs;
  const needs = tasks.filter(({ id }) => job.tasks.includes(id)).flatMap(({ missing }) => missing);
  return [...new Set(needs.flatMap((need) => live.get(need) ?? []))];
}

/**
 * One job a stage for those of its tasks that are to be executed, or as many as its tasks need, each after the jobs of the
 * tasks that these need, and one that goes on with the run after all of them.
 * @param tasks in the order of their stages.
 * @param most tasks of a job.
 */
export function planJobs(tasks: readonly TaskStatus[], most = Number.POSITIVE_INFINITY): LaunchJob[] {
  const stages = [...new Set(tasks.map(({ stage }) => stage))];
  const named = stages.flatMap((name) => {
    const parts = inParts(
      tasks.filter(({ stage }) => stage === name),
      most,
    );
    return parts.map((part, index) => ({
      name: parts.length === 1 ? name : `${name}-${index + 1}`,
      tasks: part,
    }));
  });
  const jobs = named.map(({ name, tasks: own }) => {
    const needs = new Set(own.flatMap(({ missing }) => missing));
    const after = named.filter((other) => other.name !== name && other.tasks.some(({ id }) => needs.has(id)));
    return { name, tasks: own.map(({ id }) => id), after: after.map((other) => other.name) };
  });
  return [...jobs, { name: ADVANCE, tasks: [], after: jobs.map(({ name }) => name) }];
}

/** As few parts as can be, none of which is longer than `most`. */
function inParts<Item>(items: readonly Item[], most: number): Item[][] {
  const count = Math.ceil(items.length / most) || 1;
  const length = Math.ceil(items.length / count);
  return Array.from({ length: count }, (_, index) => items.slice(index * length, (index + 1) * length));
}
