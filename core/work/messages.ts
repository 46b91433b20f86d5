import type { PlainError } from 'dna-nas/errors';
import type { ResolvedConfig } from '../config/types.js';
import type { BackendDescription } from '../contracts/index.js';
import type { TeacherTrial } from '../run/teacher-check.js';
import type { CellRatings, SearchResult, Task } from '../stages/index.js';
import type { TaskEventName } from './events.js';
import type { WorkerPlacement } from './place-workers.js';

/** What a worker thread is born with. */
export interface WorkerStart {
  readonly config: ResolvedConfig;
  readonly project: string;
  /** The run folder, and the number that proves its owner where this is the owner's process. */
  readonly folder: string;
  readonly token?: number | undefined;
  readonly checkpointSeconds: number;
  /** Threads of this process that execute tasks, those of other runs included. @default those of the pool */
  readonly workers: number;
  readonly place: WorkerPlacement;
  /** Threads that the machine's cores are shared out among, on which bits may depend. @default workers */
  readonly share?: number;
  /** Int32[0] becomes 1 when the run is to stop. */
  readonly stop: SharedArrayBuffer;
}

/** One call of a stage's `execute`. */
export interface BundleOrder {
  readonly stage: Task['stage'];
  readonly tasks: readonly Task[];
  /** Numbers of the claims on these tasks, by task. */
  readonly claims: Readonly<Record<string, number>>;
  readonly shared?: SharedArrayBuffer;
  readonly index: number;
  readonly count: number;
}

export type ToWorker =
  | { readonly kind: 'openWorld'; readonly data: unknown }
  | { readonly kind: 'execute'; readonly order: BundleOrder }
  | { readonly kind: 'checkSearch' }
  | { readonly kind: 'checkTeacher' }
  | { readonly kind: 'search'; readonly ratings: readonly CellRatings[] };

export type FromWorker =
  | { readonly kind: 'ready'; readonly backend: BackendDescription }
  | { readonly kind: 'done' }
  | { readonly kind: 'checked'; readonly trial: TeacherTrial }
  | { readonly kind: 'found'; readonly result: SearchResult }
  | { readonly kind: 'failed'; readonly error: PlainError }
  | { readonly kind: 'events'; readonly events: readonly (readonly [TaskEventName, readonly unknown[]])[] };
