import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit, DnaError, exportNetwork, type RunEvent, run, search, startRun } from 'dna-nas';
import { createHooks } from 'dna-nas/core';
import { RUN_EVENTS } from 'dna-nas/core/run';
import { AsyncSeriesHook } from 'tapable';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { searchAndExport } from '../../examples/library/search-and-export.js';
import { ROOT, read } from '../repository/sources.js';
import { TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';

const SHORT = {
  ...TINY,
  distill: { ...(TINY.distill as object), epochs: 0.5 },
  rank: { use: 'candidates', batch: 16, batches: 1 },
  retrain: { ...(TINY.retrain as object), epochs: 0.5, movingAverage: 0 },
} as typeof TINY;
const INLINE = { inline: true };

let project: string;
const folder = () => join(project, 'runs/tiny');

/** All that an iteration gives. */
async function collected<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

const names = (events: readonly RunEvent[]) => events.map(({ event }) => event);

beforeAll(async () => {
  project = await tinyProject();
});

test('a run tells what happens in order, and leaves summary and paths', async () => {
  const heard: RunEvent[] = [];
  const handle = startRun(
    { project, config: SHORT },
    { ...INLINE, onEvent: (event) => void heard.push(event) },
  );
  const [events, others, ended] = await Promise.all([
    collected(handle.events),
    collected(handle.events),
    handle.finished,
  ]);
  expect(events).toEqual(heard);
  expect(others).toEqual(heard);
  const stages = events.flatMap((one) => (one.event === 'stageFinished' ? [one.data.stage] : []));
  expect(stages).toEqual([
    ...['backend', 'data', 'teacher', 'space', 'partition', 'supernet'],
    ...['distill', 'rank', 'search', 'retrain', 'report'],
  ]);
  expect(events.filter(({ event }) => event === 'cellTrained')).toHaveLength(4);
  expect(names(events).slice(-2)).toEqual(['runFinished', 'stageFinished']);
  const { summary, files, weights } = ended;
  expect(summary).toMatchObject(JSON.parse(readFileSync(join(folder(), 'summary.json'), 'utf8')));
  expect(ended.folder).toBe(folder());
  for (const name of ['config.json', 'ratings.json', 'search.json', 'summary.json'])
    expect(files).toContain(join(folder(), name));
  expect(Object.keys(weights)).toEqual(['found', 'random']);
  expect([...files, ...Object.values(weights)].filter((path) => !existsSync(path))).toEqual([]);
  expect(await collected(handle.events)).toEqual([]);
});

test('a signal stops it: the events end, and the same call goes on', async () => {
  const elsewhere = await tinyProject();
  const stop = new AbortController();
  const handle = startRun({ project: elsewhere, config: SHORT }, { ...INLINE, signal: stop.signal });
  const seen: string[] = [];
  for await (const one of handle.events) {
    seen.push(one.event);
    if (one.event === 'stageFinished' && one.data.stage === 'supernet') stop.abort();
  }
  expect(seen.at(-1)).toBe('runFailed');
  await expect(handle.finished).rejects.toMatchObject({ code: 'STOPPED', exitCode: 75 });
  const { summary } = await startRun({ project: elsewhere, config: SHORT }, INLINE).finished;
  expect(summary?.architecture).toBe((await run({ folder: folder(), project }, INLINE))?.architecture);
});

test('a reader who breaks off, and a run that ends early or never begins, harm nobody', async () => {
  const elsewhere = await tinyProject();
  const handle = startRun(tinyRequest(elsewhere), { ...INLINE, until: 'supernet' });
  for await (const { event } of handle.events) if (event === 'stageStarted') break;
  const { summary, folder, weights } = await handle.finished;
  expect({ summary, folder, weights }).toEqual({
    summary: undefined,
    folder: join(elsewhere, 'runs/tiny'),
    weights: {},
  });
  const wrong = startRun({ project: elsewhere, preset: 'quikstart' });
  expect(await collected(wrong.events)).toEqual([]);
  await expect(wrong.finished).rejects.toBeInstanceOf(DnaError);
});

test('an error of the listener is an error of the run that says where', async () => {
  const onEvent = () => {
    throw new Error('the disk of the listener is full');
  };
  await expect(
    run(tinyRequest(await tinyProject()), { ...INLINE, until: 'data', onEvent }),
  ).rejects.toMatchObject({
    code: 'PLUGIN_FAILED',
    message: expect.stringMatching(/onEvent failed in stageStarted: the disk of the listener is full/),
  });
});

test('every hook in the past tense is an event, but for those of reports', () => {
  const told = Object.entries(createHooks())
    .filter(([, hook]) => hook.constructor === new AsyncSeriesHook().constructor)
    .map(([name]) => name);
  const ofReports = ['reportAsked', 'featuresCompared', 'runsCompared'];
  const past = told.filter((name) => /(ed|Spent|Done)$/.test(name));
  expect([...RUN_EVENTS, ...ofReports].sort()).toEqual(past.sort());
});

describe('what goes on from a run', () => {
  test('search, under other limits', async () => {
    const { best } = await search({ folder: folder(), project, limits: { params: 4_500 } });
    expect(best.costs.params).toBeLessThanOrEqual(4_500);
  });

  test('exportNetwork writes what it says', async () => {
    const output = join(project, 'weights.safetensors');
    const { files, facts } = await exportNetwork({
      ...{ source: folder(), project, output, network: 'random' },
      format: 'safetensors',
    });
    expect(files.map(({ path }) => path)).toEqual(
      ['safetensors', 'py', 'json'].map((ending) => join(project, `weights.${ending}`)),
    );
    expect(files.map(({ bytes }) => bytes)).toEqual(files.map(({ path }) => readFileSync(path).length));
    expect(facts.name).toBe('random');
    const wrong = { source: folder(), project, format: 'tfjs', opset: 17 } as never;
    await expect(exportNetwork(wrong)).rejects.toMatchObject({
      code: 'USAGE',
      message: 'opset is an option of ONNX models, and the format is tfjs.',
    });
    await expect(exportNetwork({ source: folder(), format: 'pickle' } as never)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('known are onnx, safetensors, timm, tfjs'),
    });
  });

  test('audit, by accuracies that are known, and nothing that it cannot do', async () => {
    const { top } = await search({ folder: folder(), project, top: 20 });
    const truth = join(project, 'truth.csv');
    const rows = top.map(({ text }, at) => `"${text}",${(0.9 - at / 100).toFixed(2)}`);
    writeFileSync(truth, `architecture,accuracy\n${rows.join('\n')}\n`);
    const request = { folder: folder(), project, truth, resamples: 200 };
    const { audit: found, table, file } = await audit(request);
    // Equal networks under several texts are one.
    expect(found.n).toBe(table.architectures?.length);
    expect(found.n).toBeGreaterThan(10);
    // The accuracies fall as the ratings rise.
    expect(found.predictors.rating.kendallTau).toBeGreaterThan(0.9);
    expect(file).toBe(join(folder(), 'audit.json'));
    expect(JSON.parse(readFileSync(file!, 'utf8'))).toMatchObject({ n: found.n, verdict: found.verdict });
    const unknown = { flops: 1 } as never;
    await expect(audit({ ...request, limits: unknown })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(audit({ ...request, fit: [16] })).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('the example of a CommonJS program', async () => {
    const program = join(ROOT, 'examples/library/other-limits.cjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, folder(), '150000'], {
      cwd: project,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { best } = await search({ folder: folder(), project, limits: { macs: 150_000 } });
    expect(JSON.parse(stdout)).toEqual({ text: best.text, macs: best.costs.macs });
  });
});

test('the example of the page follows a run and writes its network', async () => {
  const elsewhere = await tinyProject();
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    const made = await searchAndExport(SHORT, elsewhere, new AbortController().signal);
    expect(made).toEqual({
      report: join(elsewhere, 'runs/tiny/report.html'),
      model: join(elsewhere, 'runs/tiny/found.onnx'),
    });
    expect(existsSync(made!.model!)).toBe(true);
    expect(log.mock.calls.flat()).toContainEqual(expect.stringMatching(/^search: .* \(\d+\.\d s\)$/));
    const stopped = AbortSignal.abort();
    expect(await searchAndExport({ ...SHORT, name: 'other' }, elsewhere, stopped)).toBeUndefined();
  } finally {
    log.mockRestore();
    warn.mockRestore();
  }
});

test('the page shows the examples as they are', () => {
  const page = read('docs/how-to/library.md');
  for (const name of ['search-and-export.ts', 'other-limits.cjs'])
    expect(page).toContain(read(`examples/library/${name}`));
});
