import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { attachRunFolder } from 'dna-nas/core/store';
import { forkRun, reportRun } from 'dna-nas/run-tools';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { beforeAll, describe, expect, test } from 'vitest';
import { resultsOf, TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';

const CELLS = ['train-b1-c1', 'train-b1-c2', 'train-b2-c1', 'train-b2-c2'];
const NETWORKS = ['retrain-found', 'retrain-random'];
/** 36 steps of a cell: three epochs of 192 images in batches of 16. */
const STEPS = Array.from({ length: 36 }, (_, at) => at + 1);
const SET = ['checkpointSeconds=0.05', 'reports=["json","html"]'];

let project: string;
let folder: string;

/** Starts the run again and again, each time stopped after a while, until it is complete. */
async function inPieces(): Promise<number> {
  for (let starts = 1; ; starts++) {
    const stop = new AbortController();
    let left = 10 + 5 * starts;
    const onEvent = ({ event }: { event: string }) => {
      if (event === 'workDone' && --left === 0) stop.abort();
    };
    const summary = await run(tinyRequest(project, { set: SET }), {
      ...{ inline: true, signal: stop.signal, onEvent },
    }).catch((error: { code?: string }) => {
      if (error.code !== 'STOPPED') throw error;
    });
    if (summary) return starts;
  }
}

beforeAll(async () => {
  project = await tinyProject();
  folder = join(project, 'runs/tiny');
  expect(await inPieces()).toBeGreaterThan(3);
});

describe('metrics of a run that was stopped many times', () => {
  test.each([...CELLS, ...NETWORKS])('%s has each step once', (task) => {
    const { points, epochs, steps, memory } = attachRunFolder(folder).readMetrics(task)!;
    const covered = points.flatMap(({ step, steps }) =>
      Array.from({ length: steps }, (_, at) => step - steps + at + 1),
    );
    expect(covered).toEqual(STEPS);
    expect(steps).toBe(36);
    expect(memory).toBeGreaterThan(1e7);
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    const trained = points.filter(({ steps }) => steps > 0);
    expect(trained.every(({ loss, learningRate }) => loss! > 0 && learningRate! > 0)).toBe(true);
    expect(points.reduce((sum, { images = 0 }) => sum + images, 0)).toBe(36 * 16);
  });

  test('all work of a task is in its points, of those without steps too', () => {
    const run = attachRunFolder(folder);
    for (const id of run.taskIds()) {
      const { points } = run.readMetrics(id)!;
      const work = points.reduce((sum, { work }) => sum + work, 0);
      expect(work / run.readTask(id)!.work, id).toBeCloseTo(1, 2);
    }
  });

  test('ratings are told by their spread', () => {
    const { ratings } = attachRunFolder(folder).readMetrics('rate-b1-c2')!;
    expect(ratings!.count).toBe(4);
    expect(ratings!.best).toBeLessThanOrEqual(ratings!.median);
  });

  test('the folder proves whole, and a fork takes them over', async () => {
    expect(verifyRun(folder)).toMatchObject({ problems: [], unknown: [] });
    const fork = (await forkRun(tinyRequest(project, { set: [...SET, 'retrain.epochs=1'] })))!;
    const taken = attachRunFolder(join(project, 'runs', fork.name));
    for (const task of CELLS)
      expect(taken.readMetrics(task)).toEqual(attachRunFolder(folder).readMetrics(task));
    fork.abandon();
  });

  test('no bit depends on them, and a folder without them is reported', async () => {
    const before = resultsOf(project);
    rmSync(join(folder, 'metrics'), { recursive: true });
    const { complete } = await reportRun({ folder, project });
    expect(complete).toBe(true);
    expect(existsSync(join(folder, 'report.html'))).toBe(true);
    expect(verifyRun(folder).problems).toEqual([]);
    const other = await tinyProject();
    await run({ ...tinyRequest(other), config: { ...TINY, reports: ['json'] } }, { inline: true });
    expect(resultsOf(other)).toEqual(before);
  });
});
