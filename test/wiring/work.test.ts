import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import type { RunEvent } from 'dna-nas/core/run';
import type { Task } from 'dna-nas/core/stages';
import { describe, expect, it } from 'vitest';
import { ANSWERING } from './answering.js';
import { witnessRequest } from './witnessed-run.js';

/** Of each task: the multiply-adds that it was laid out with, and those that it told as done. */
async function workOf(set: readonly string[]) {
  const request = witnessRequest(set);
  const done = new Map<string, number>();
  const onEvent = ({ event, data }: RunEvent) => {
    if (event === 'workDone') done.set(data.task, (done.get(data.task) ?? 0) + data.work);
  };
  await run(request, { inline: true, onEvent });
  const folder = join(request.project, 'runs/witnessed/tasks');
  const tasks = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Task);
  return tasks.map(({ id, work }) => ({ id, work, done: done.get(id) }));
}

describe('the work that tasks tell', () => {
  it.each([
    ['rated as trained', []],
    ['rated by the teacher’s answer', ANSWERING],
    ['rated by fine-tuning', [...ANSWERING, 'rank.fineTuneSteps=2']],
    ['trained progressively', ['distill=progressive-s1', 'distill.batch=12', 'distill.earlierPaths=2']],
  ])('adds up to what was laid out, %s', async (_, set) => {
    const tasks = await workOf(set);
    expect(tasks.length).toBeGreaterThanOrEqual(11);
    for (const { id, work, done } of tasks) expect(done! / work, id).toBeCloseTo(1, 9);
  });
});
