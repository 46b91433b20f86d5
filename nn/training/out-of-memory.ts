import type { MemoryShortage } from 'dna-nas/core/contracts';
import { DnaError } from 'dna-nas/errors';

const NO_MEMORY = /Array buffer allocation failed|Invalid typed array length|out of memory/i;

/** Whether memory ran out: of a backend, or of this process. */
export function isOutOfMemory(error: unknown): error is Error {
  return error instanceof Error && NO_MEMORY.test(error.message);
}

/** A task at work, and how its batches can be made smaller. */
export interface TaskAtWork {
  readonly task: string;
  /** Path of the option that says how many images are computed at a time: `distill.batch`. */
  readonly option: string;
  /** Its value. */
  readonly batch: number;
  /** Bytes that tensors held before the work that failed, whatever the batch. @default 0 */
  readonly held?: number;
  /** Whether the option can have a smaller value. @default any */
  readonly allows?: (batch: number) => boolean;
  /**
   * The same work on so many images, thrown away together with the task, to see whether it fits. @default it is estimated
   */
  readonly attempt?: (batch: number) => void | Promise<void>;
}

/** Errors that name their task and what to do. */
const explained = new WeakSet<object>();

/**
 * What a task failed by: memory that ran out, with the task's name and a batch that fits; a `DnaError` stays as it is;
 * anything else comes from the code that the task ran, a plugin's perhaps.
 */
export async function errorInTask(error: unknown, work: TaskAtWork): Promise<DnaError> {
  const memory = isOutOfMemory(error);
  if (error instanceof DnaError && (!memory || explained.has(error))) return error;
  const wrapped = memory ? await outOfMemoryIn(error, work) : failed(error, work);
  // A cause does not pass from thread to thread, a stack does.
  if (error instanceof Error && error.stack !== undefined) wrapped.stack = error.stack;
  explained.add(wrapped);
  return wrapped;
}

function failed(cause: unknown, { task }: TaskAtWork): DnaError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DnaError(
    'TASK_FAILED',
    `Task ${task} failed: ${reason}`,
    'What it had saved is kept. Look at the plugins that it uses; --stack shows where it failed.',
    { cause },
  );
}

async function outOfMemoryIn(cause: Error, work: TaskAtWork): Promise<DnaError> {
  const { task, option, batch } = work;
  const { value, isTried } = await smallerBatch(cause, work);
  const again = `Start another run with smaller batches: --set name=NAME --set ${option}=${value}`;
  const hint = isTried ? `${again}. ${value} at a time were tried now, and fit.` : `${again}.`;
  return new DnaError(
    'OUT_OF_MEMORY',
    `Task ${task}, in batches of ${batch}: ${cause.message}`,
    value > 0 ? hint : 'Take a smaller space, a smaller teacher or smaller images.',
    { cause },
  );
}

/** A value of the option that fits, and whether that was seen; 0 where there is none. */
async function smallerBatch(
  error: Error,
  { attempt, ...work }: TaskAtWork,
): Promise<{ readonly value: number; readonly isTried: boolean }> {
  let value = allowed(mostThatFits(error, work), work);
  while (attempt && value > 0 && !shortageOf(error)?.broken) {
    try {
      await attempt(value);
      return { value, isTried: true };
    } catch (failure) {
      // Whatever else is wrong with the attempt, the estimate stays.
      if (!isOutOfMemory(failure)) break;
      value = allowed(value >> 1, work);
    }
  }
  return { value, isTried: false };
}

/**
 * The largest value up to `most` that the option can have, 1, 2, 3, 4, 6, 8, 12, 16, …, so that a little room is left; 0 where
 * there is none.
 */
function allowed(most: number, { allows = () => true }: TaskAtWork): number {
  const half = 2 ** Math.floor(Math.log2(Math.max(1, most)) - 1);
  let value = most < 4 ? most : Math.floor(most / half) * half;
  while (value > 0 && !allows(value)) value--;
  return value;
}

/**
 * What tensors hold beyond `held`, and what was wanted, grows with the batch: so many images have as much room as there
 * is. More was to come than what failed, so it is a bound. Half, where the backend does not tell what it has.
 */
function mostThatFits(error: Error, { batch, held = 0 }: TaskAtWork): number {
  const shortage = shortageOf(error);
  if (!shortage) return batch >> 1;
  const { wanted, used, limit, largest = limit } = shortage;
  const grows = Math.max(0, used - held) + wanted;
  const share = Math.min((limit - held) / grows, largest / wanted);
  return Math.max(0, Math.min(batch - 1, Math.floor(batch * share)));
}

function shortageOf({ cause }: Error): MemoryShortage | undefined {
  const { wanted, used, limit } = (cause ?? {}) as Partial<MemoryShortage>;
  const isTold = [wanted, used, limit].every((bytes) => typeof bytes === 'number' && bytes >= 0);
  return isTold && wanted! > 0 ? (cause as MemoryShortage) : undefined;
}
