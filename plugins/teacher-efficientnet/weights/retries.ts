import { setTimeout as wait } from 'node:timers/promises';
import { DnaError } from 'dna-nas/errors';

const MOST_FAILURES = 4;
const PAUSE_MILLISECONDS = 100;

/**
 * Tries until it succeeds, with growing pauses; gives up at a `DnaError`, and after four failures in a row without
 * `progress`, which tells how far the work has come.
 */
export async function withRetries<Value>(
  attempt: () => Promise<Value>,
  progress: () => number = () => 0,
): Promise<Value> {
  let before = progress();
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const now = progress();
      if (now > before) failures = 1;
      before = now;
      if (error instanceof DnaError || failures >= MOST_FAILURES) throw error;
      await wait(PAUSE_MILLISECONDS * 4 ** (failures - 1));
    }
  }
}
