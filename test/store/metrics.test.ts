import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { attachRunFolder, openRunFolder } from 'dna-nas/core/store';
import type { MetricsRow } from 'dna-nas/files';
import { nodeFiles } from 'dna-nas/files';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { afterEach, describe, expect, test } from 'vitest';
import { failure, stateOf, temporaryRuns } from './temporary-folder.js';

const newRun = temporaryRuns();
const TASK = 'train-b1-c1';

const row = (step: number, rest: Partial<MetricsRow> = {}): MetricsRow => ({
  ...{ step, steps: 1, seconds: 0.5, work: 1e9, loss: 1 / step, learningRate: 0.1, images: 8, waited: 0 },
  ...rest,
});

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0).reverse()) one.close();
});

/** A run whose task this process has claimed. */
function claimed(folder = newRun()) {
  const run = openRunFolder(folder);
  open.push({ close: () => run.release() });
  if (!run.exists) run.writeJson('config', { name: 'run' });
  const claims = run.openClaims({});
  open.push({ close: () => claims.close() });
  claims.take(TASK);
  /** A start of the task, from its last whole checkpoint. */
  const start = () => {
    const store = run.claimedTasks(claims.numbers([TASK]));
    store.loadCheckpoint(TASK);
    const writer = store.openMetrics(TASK);
    const points = (steps: readonly number[], saved?: number) => {
      const rows = steps.map((step) => row(step));
      writer.write({ event: 'points', rows, steps: 9, memory: 7e8, saved }, saved !== undefined);
      if (saved !== undefined) store.saveCheckpoint(TASK, saved, stateOf(saved));
    };
    return { points, writer };
  };
  return { run, folder, start, file: join(folder, 'metrics', `${TASK}.jsonl`), claims };
}

function damageLast(checkpoints: string): void {
  const last = readdirSync(checkpoints).find((name) => name.startsWith('4-'))!;
  truncateSync(join(checkpoints, last), 20);
}

const stepsOf = (folder: string) =>
  attachRunFolder(folder)
    .readMetrics(TASK)
    ?.points.map(({ step }) => step);

describe('metrics of a task', () => {
  test('come back as they were written', () => {
    const { start, folder } = claimed();
    const { writer } = start();
    const before = Date.now();
    const rows = [
      row(1, { loss: 0.123456789 }),
      row(3, { steps: 2, loss: Number.NaN }),
      // Of a task that has no steps.
      { step: 3, steps: 0, seconds: 2, work: 5, waited: 0.25 },
    ];
    writer.write({ event: 'points', rows, steps: 12, memory: 123_456_789 });
    writer.write({ event: 'epoch', epoch: 1, epochs: 4, metrics: { loss: 0.5, top1: 0.25 } });
    writer.write({ event: 'ratings', count: 3, best: 0.1, median: 0.2, worst: Number.POSITIVE_INFINITY });
    const metrics = attachRunFolder(folder).readMetrics(TASK)!;
    expect(metrics.points.map(({ time: _, ...point }) => point)).toEqual([
      { ...row(1), loss: 0.123457 },
      { ...row(3), steps: 2, loss: Number.NaN },
      rows[2],
    ]);
    const times = metrics.points.map(({ time }) => time);
    expect(times[2]).toBeGreaterThanOrEqual(before);
    expect(times.map((time) => times[2]! - time)).toEqual([2500, 2000, 0]);
    expect(metrics).toMatchObject({ steps: 12, memory: 123_456_789, host: hostname() });
    expect(metrics.epochs).toMatchObject([{ epoch: 1, epochs: 4, metrics: { loss: 0.5, top1: 0.25 } }]);
    expect(metrics.ratings).toEqual({ count: 3, best: 0.1, median: 0.2, worst: Number.POSITIVE_INFINITY });
  });

  test('are unknown where nobody wrote any', () => {
    const { folder } = claimed();
    expect(attachRunFolder(folder).readMetrics(TASK)).toBeUndefined();
  });

  test.each([
    ['the last checkpoint', () => undefined, 4],
    ['the one before it, as the last is damaged', damageLast, 2],
    ['nothing, as there is none', (folder: string) => rmSync(folder, { recursive: true }), 0],
  ])('go on where the task does: %s', (_, change, from) => {
    const { start, folder } = claimed();
    const first = start();
    first.points([1, 2], 2);
    first.points([3, 4], 4);
    first.points([5, 6, 7]);
    first.writer.close();
    change(join(folder, 'checkpoints', TASK));
    const second = start();
    second.points([from + 1, from + 2]);
    expect(stepsOf(folder)).toEqual(Array.from({ length: from + 2 }, (_, at) => at + 1));
    expect(readFileSync(join(folder, 'metrics', `${TASK}.jsonl`), 'utf8')).not.toContain('[7,');
  });

  test('a folder that has lost its metrics goes on without those before', () => {
    const { start, folder, file } = claimed();
    const first = start();
    first.points([1, 2], 2);
    first.writer.close();
    rmSync(file);
    start().points([3]);
    expect(stepsOf(folder)).toEqual([3]);
    expect(verifyRun(folder).problems).toEqual([]);
  });

  test('lose a torn line and nothing before it, wherever it was torn', () => {
    const { start, folder, file } = claimed();
    const first = start();
    first.points([1, 2], 2);
    first.points([3]);
    first.writer.close();
    const whole = readFileSync(file);
    const before = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (let length = before; length < whole.length; length += 11) {
      writeFileSync(file, whole);
      truncateSync(file, length);
      expect(stepsOf(folder)).toEqual([1, 2]);
      expect(verifyRun(folder).problems).toEqual([]);
      const second = start();
      second.points([3]);
      second.writer.close();
      expect(stepsOf(folder)).toEqual([1, 2, 3]);
    }
  });

  test('are cut where a power loss has garbled what no checkpoint holds', () => {
    const { start, folder, file } = claimed();
    const first = start();
    first.points([1, 2], 2);
    first.writer.close();
    appendFileSync(file, `${'\0'.repeat(40)}\n${'\0'.repeat(4)}`);
    const second = start();
    second.points([3]);
    expect(stepsOf(folder)).toEqual([1, 2, 3]);
    expect(verifyRun(folder).problems).toEqual([]);
  });

  test('that were changed are damage', () => {
    const { start, folder, file } = claimed();
    start().points([1, 2], 2);
    writeFileSync(file, readFileSync(file, 'utf8').replace('0.5,', '0.6,'));
    expect(verifyRun(folder).problems).toEqual([`metrics/${TASK}.jsonl: line 2 of the journal is garbled.`]);
  });

  test('are written by whoever has claimed the task, and nobody else', () => {
    const { start, claims, file } = claimed();
    const { points } = start();
    points([1]);
    const { size } = statSync(file);
    claims.release(TASK);
    claims.take(TASK);
    expect(failure(() => points([2])).code).toBe('CLAIM_LOST');
    expect(statSync(file).size).toBe(size);
  });
});

describe('a reader that looks again and again', () => {
  /** Reads as the disk does, and notes how many bytes it gave. */
  function counting() {
    const bytes: number[] = [];
    const readFrom = (path: string, start: number) => {
      const read = nodeFiles.readFrom(path, start);
      bytes.push(read?.length ?? -1);
      return read;
    };
    return { bytes, files: { ...nodeFiles, readFrom } };
  }

  test('reads what was added alone, and gives the same object where nothing was', () => {
    const { folder, start, file } = claimed();
    const { points } = start();
    points([1, 2, 3]);
    const { bytes, files } = counting();
    const reader = attachRunFolder(folder, { files }).metricsReader(TASK);
    const first = reader.read();
    const size = statSync(file).size;
    expect(reader.read()).toBe(first);
    points([4]);
    expect(reader.read()).toEqual(attachRunFolder(folder).readMetrics(TASK));
    expect(reader.read()?.points.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(bytes).toEqual([size, 0, statSync(file).size - size, 0]);
  });

  test('reads all anew where a resume has cut the file, though it is longer by now', () => {
    const { folder, start } = claimed();
    start().points([1, 2], 2);
    const first = start();
    first.points([3]);
    const reader = attachRunFolder(folder).metricsReader(TASK);
    expect(reader.read()?.points.map(({ step }) => step)).toEqual([1, 2, 3]);
    const again = start();
    for (const step of [3, 4, 5, 6]) again.points([step]);
    expect(reader.read()).toEqual(attachRunFolder(folder).readMetrics(TASK));
    expect(reader.read()?.points.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('knows nothing before there is a file', () => {
    const { folder, start } = claimed();
    const reader = attachRunFolder(folder).metricsReader(TASK);
    expect(reader.read()).toBeUndefined();
    start().points([1]);
    expect(reader.read()?.points).toHaveLength(1);
  });
});
