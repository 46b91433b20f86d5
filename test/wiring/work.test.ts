import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import type { RunEvent } from 'dna-nas/core/run';
import type { Task } from 'dna-nas/core/stages';
import { tf } from 'dna-nas/nn';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { reportRun } from 'dna-nas/run-tools';
import { beforeAll, describe, expect, it } from 'vitest';
import { ANSWERING } from './answering.js';
import { witnessRequest } from './witnessed-run.js';

beforeAll(startCpuBackend);

const tensors = () => tf.memory().numTensors;

function tasksOf(folder: string): Task[] {
  return readdirSync(join(folder, 'tasks'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(folder, 'tasks', file), 'utf8')));
}

describe('a run in this thread', () => {
  it.each([
    ['rated as trained', []],
    ['rated by the teacher’s answer', ANSWERING],
    ['rated by fine-tuning', [...ANSWERING, 'rank.fineTuneSteps=2']],
    ['trained progressively', ['distill=progressive-s1', 'distill.batch=12', 'distill.earlierPaths=2']],
  ])('tells each task’s work, and gives back all memory, %s', async (_, set) => {
    const request = witnessRequest(set);
    const folder = join(request.project, 'runs/witnessed');
    const done = new Map<string, number>();
    const onEvent = ({ event, data }: RunEvent) => {
      if (event === 'workDone') done.set(data.task, (done.get(data.task) ?? 0) + data.work);
    };
    const before = tensors();
    await run(request, { inline: true, onEvent });
    expect(tensors()).toBe(before);

    const tasks = tasksOf(folder);
    expect(tasks.length).toBeGreaterThanOrEqual(11);
    for (const { id, work } of tasks) expect(done.get(id)! / work, id).toBeCloseTo(1, 9);

    await reportRun({ folder, project: request.project, features: { images: ['1', '3'] } });
    expect(tensors()).toBe(before);
  });
});
