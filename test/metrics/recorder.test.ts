import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task, TaskState } from 'dna-nas/core/stages';
import { openRunFolder } from 'dna-nas/core/store';
import { MetricsRecorder, quietEvents } from 'dna-nas/core/work';
import type { TaskMetrics } from 'dna-nas/files';
import { nodeFiles } from 'dna-nas/files';
import { afterEach, describe, expect, test } from 'vitest';

const STATE: TaskState = { json: {}, tensors: new Map() };
/** A disk that is not waited for: what is tested is what is written, not how long it lasts. */
const FILES = { ...nodeFiles, fsync: () => undefined, syncFolder: () => undefined };

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const taskOf = (id: string, input: Task['input'] = {}): Task => ({
  ...{ id, stage: 'distill', needs: [], work: 1, input },
});

/** Tasks of one thread, by a clock that stands unless it is put on. */
function bundle(...tasks: readonly Task[]) {
  const folder = mkdtempSync(join(tmpdir(), 'dna-recorder-'));
  folders.push(folder);
  const run = openRunFolder(folder, { files: FILES });
  const ids = tasks.map(({ id }) => id);
  const claims = run.openClaims({ renewing: false });
  for (const id of ids) claims.take(id);
  const files = run.claimedTasks(claims.numbers(ids));
  // Checkpoints are another's matter.
  const store = {
    loadCheckpoint: () => undefined,
    saveCheckpoint: () => undefined,
    hasResult: () => false,
    loadResult: () => undefined,
    commitResult: () => undefined,
    openMetrics: (task: string) => files.openMetrics(task),
  };
  let milliseconds = 0;
  const events = quietEvents(() => undefined);
  const recorder = new MetricsRecorder({ tasks, store, events, clock: () => milliseconds });
  return {
    ...recorder,
    recorder,
    passed: (more: number) => {
      milliseconds += more;
    },
    step(task: string, step: number, loss = 1) {
      recorder.events.progress(task, 10);
      recorder.events.stepFinished({ task, step, steps: 1e9, loss, learningRate: 0.1, images: 4 });
    },
    metrics(task: string): TaskMetrics {
      recorder.end();
      claims.close();
      return run.readMetrics(task)!;
    },
    bytes: (task: string) => statSync(join(folder, 'metrics', `${task}.jsonl`)).size,
  };
}

describe('what is recorded of a task', () => {
  test('of its first thousand steps each, then means of powers of two, of all of them', () => {
    const { step, passed, metrics } = bundle(taskOf('a'));
    for (let at = 0; at < 5000; at++) {
      passed(10);
      step('a', at, at);
    }
    const { points } = metrics('a');
    const widths = points.map(({ steps }) => steps);
    expect(widths.slice(0, 1000)).toEqual(Array(1000).fill(1));
    // Writings end some points early.
    expect(Math.max(...widths.slice(1000))).toBe(8);
    let before = 0;
    for (const { step, steps, loss, work, images, seconds } of points) {
      expect(step - steps).toBe(before);
      expect(loss).toBeCloseTo((before + step - 1) / 2, 1);
      expect([work, images]).toEqual([10 * steps, 4 * steps]);
      expect(seconds).toBeCloseTo(0.01 * steps, 6);
      before = step;
    }
    expect(before).toBe(5000);
  });

  test('a week of it takes less than five megabytes', () => {
    const { step, passed, recorder, bytes, metrics } = bundle(taskOf('a'));
    // A day: the others take less, as points are ever fewer.
    const [every, day] = [200, 24 * 3_600_000];
    for (let at = 0; at < day / every; at++) {
      passed(every);
      step('a', at, 1 / (at + 1));
      if ((at * every) % 60_000 === 0) recorder.store.saveCheckpoint('a', at + 1, STATE);
    }
    expect(7 * bytes('a')).toBeLessThan(5_000_000);
    const { points } = metrics('a');
    expect(points.reduce((sum, { steps }) => sum + steps, 0)).toBe(day / every);
  });

  test('how long its thread stood still since the point before, or the task before', () => {
    const { step, passed, recorder, metrics } = bundle(taskOf('a'), taskOf('b'));
    recorder.events.timeSpent('distill.data', 3);
    passed(5000);
    recorder.events.timeSpent('distill.train', 2);
    step('a', 0);
    recorder.events.timeSpent('distill.wait', 0.5);
    passed(1000);
    step('b', 0);
    const { points } = metrics('a');
    expect(points).toMatchObject([{ seconds: 5, waited: 3 }]);
    expect(metrics('b').points).toMatchObject([{ seconds: 1, waited: 0.5 }]);
  });

  test('of work without steps, a point a second; of ratings, their spread', () => {
    const { passed, recorder, metrics } = bundle(taskOf('a', { block: 0, cell: 1 }), taskOf('b'));
    for (let at = 0; at < 25; at++) {
      passed(100);
      recorder.events.progress('a', 7);
    }
    for (const rating of [0.5, 0.25, 4])
      recorder.events.candidateRated({ block: 0, cell: 1, path: [0], rating });
    recorder.events.epochFinished({ task: 'b', epoch: 1, epochs: 2, metrics: { top1: 0.5 } });
    const found = metrics('a');
    expect(found.points).toMatchObject([
      { step: 0, steps: 0, work: 70, seconds: 1 },
      { work: 70, seconds: 1 },
      { work: 35, seconds: 0.5 },
    ]);
    expect(found.points[0]).not.toHaveProperty('loss');
    expect(found.ratings).toEqual({ count: 3, best: 0.25, median: 0.5, worst: 4 });
    expect(metrics('b').epochs).toMatchObject([{ epoch: 1, epochs: 2, metrics: { top1: 0.5 } }]);
  });
});
