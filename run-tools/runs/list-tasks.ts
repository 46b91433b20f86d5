import { basename } from 'node:path';
import type { Task } from 'dna-nas/core/stages';
import { type AttachedRunFolder, attachRunFolder } from 'dna-nas/core/store';
import type { Owner } from 'dna-nas/files';

/** `waiting`: for tasks that it needs. `claimed`: a process works on it, as far as can be seen from here. */
export type TaskProgress = 'finished' | 'claimed' | 'ready' | 'waiting';

/** A task of a run and how far it is. */
export interface TaskStatus {
  readonly id: string;
  readonly stage: Task['stage'];
  readonly state: TaskProgress;
  /** Tasks whose results it reads. */
  readonly needs: readonly string[];
  /** Those of them that have none yet. */
  readonly missing: readonly string[];
  /** Multiply-adds that it takes. */
  readonly work: number;
  /** Who works on it. */
  readonly claimant?: Pick<Owner, 'host' | 'pid' | 'since'>;
}

/** The tasks that a run has laid out so far. */
export interface TaskList {
  readonly run: string;
  /** Whether the run has ended. Otherwise, once all tasks are finished, the command that laid them out goes on. */
  readonly complete: boolean;
  readonly tasks: readonly TaskStatus[];
}

const STAGES: readonly Task['stage'][] = ['distill', 'rank', 'retrain'];

/**
 * Reads which tasks a run has, and which of them can be executed. Changes nothing.
 * @throws DnaError `RUN_NOT_FOUND`.
 */
export function listTasks(path: string): TaskList {
  const folder = attachRunFolder(path);
  const tasks = folder.taskIds().map((id) => statusOf(folder, folder.readTask(id)!));
  return {
    run: basename(folder.path),
    complete: folder.readJson('outcome') !== undefined,
    tasks: tasks.sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage)),
  };
}

function statusOf(folder: AttachedRunFolder, { id, stage, needs, work }: Task): TaskStatus {
  const missing = needs.filter((need) => !folder.hasResult(need));
  if (folder.hasResult(id)) return { id, stage, state: 'finished', needs, missing: [], work };
  const owner = folder.claimant(id);
  if (!owner) return { id, stage, state: missing.length > 0 ? 'waiting' : 'ready', needs, missing, work };
  const { host, pid, since } = owner;
  return { id, stage, state: 'claimed', needs, missing, work, claimant: { host, pid, since } };
}
