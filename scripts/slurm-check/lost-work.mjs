// What disturbances have cost: each process goes on from the last checkpoint before it, and none works for longer than
// an interval between two of them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Holds the tasks of a run to their interval between checkpoints, by what they have written themselves.
 * @returns how many times a task was gone on with by another process.
 */
export function checkLostWork(folder, checkpointSeconds) {
  let resumed = 0;
  for (const task of namesIn(join(folder, 'claims'))) {
    resumed += goneOnWith(join(folder, 'claims', task), task);
    const longest = longestBetweenSaves(linesOf(join(folder, 'metrics', `${task}.jsonl`)));
    if (longest > checkpointSeconds)
      throw new Error(
        `${task} worked for ${longest.toFixed(2)} s without a checkpoint, more than ${checkpointSeconds}`,
      );
  }
  return resumed;
}

/** Processes that have gone on with a task after its first save; a step that was saved is never done again. */
function goneOnWith(claims, task) {
  let last = 0;
  let resumed = 0;
  const journals = namesIn(claims).filter((name) => name.endsWith('.jsonl'));
  for (const name of journals.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))) {
    const saves = linesOf(join(claims, name)).filter(({ event }) => event === 'taskSaved');
    if (last > 0 && saves.length > 0) resumed++;
    for (const { step } of saves) {
      if (step < last) throw new Error(`${task} was saved at step ${last}, and then again at step ${step}`);
      last = step;
    }
  }
  return resumed;
}

/**
 * Seconds of the steps between two checkpoints, but for the first, whose time has the saving in it, and the last, after
 * which the next was due.
 */
function longestBetweenSaves(entries) {
  let longest = 0;
  let since = [];
  for (const { event, rows, saved } of entries) {
    if (event === 'started') since = [];
    if (event !== 'points') continue;
    since.push(...rows.map((row) => Number(row[SECONDS])));
    if (saved === undefined) continue;
    longest = Math.max(
      longest,
      since.slice(1, -1).reduce((sum, seconds) => sum + seconds, 0),
    );
    since = [];
  }
  return longest;
}

/** Place of a point's seconds in its row: step, steps, seconds, … */
const SECONDS = 2;

function namesIn(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Lines of a journal; a torn one is none. */
function linesOf(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
}
