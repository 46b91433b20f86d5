import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHooks, type RunHooks, stopped } from 'dna-nas/core';
import type { StageName } from 'dna-nas/core/stages';
import { DnaError } from 'dna-nas/errors';
import { reportConsole, reportTo } from 'dna-nas/plugins/report-console';
import { describe, expect, it, vi } from 'vitest';
import { applied, FakeConsole, SUMMARY, temporaryFolder, writeSearch } from './fake-run.js';
import { screenOf } from './screen.js';

function started(live: boolean, columns = 80): { hooks: RunHooks; console: FakeConsole } {
  const hooks = createHooks();
  const console = new FakeConsole(live);
  console.progress.columns = columns;
  reportTo(hooks, console);
  return { hooks, console };
}

const begin = (hooks: RunHooks, stage: StageName, work = 0, workToCome = 0, tasksDone = 0) =>
  hooks.stageStarted.promise({
    stage,
    description: `do what ${stage} does`,
    tasks: work > 0 ? 4 : 0,
    tasksDone,
    work,
    ahead: workToCome > 0 ? [{ stage: 'retrain', work: workToCome }] : [],
  });

const end = (hooks: RunHooks, stage: StageName, seconds: number) =>
  hooks.stageFinished.promise({ stage, seconds, result: `what came out of ${stage}` });

const epoch = (hooks: RunHooks, task: string, number: number) =>
  hooks.epochFinished.promise({
    task,
    epoch: number,
    epochs: 10,
    metrics: { loss: 0.312_34, accuracy: 0.881 },
  });

/** 1,000 multiply-adds a second for some seconds. */
async function work(hooks: RunHooks, console: FakeConsole, seconds: number, stage: StageName = 'distill') {
  for (let second = 0; second < seconds; second++) {
    console.pass(1);
    await hooks.workDone.promise({ stage, task: 'train-b1-c0', work: 1000 });
  }
}

it.each([true, false])('tells how long threads waited for data (live: %s)', async (live) => {
  const { hooks, console } = started(live, 100);
  await begin(hooks, 'distill', 1000);
  for (const on of ['distill.data', 'distill.teacher', 'distill.data', 'retrain.data']) {
    await hooks.timeSpent.promise({ on, seconds: 6.2 });
  }
  await end(hooks, 'distill', 83.4);
  await begin(hooks, 'rank', 1000);
  await hooks.timeSpent.promise({ on: 'rank.data', seconds: 0.5 });
  await end(hooks, 'rank', 3);
  expect(console.progressText).toContain('what came out of distill; threads waited 0:12 for data');
  expect(console.progressText).not.toContain('what came out of rank;');
});

describe('on a terminal', () => {
  it('draws one area and leaves a line for each stage', async () => {
    const { hooks, console } = started(true);
    await begin(hooks, 'data');
    console.pass(2);
    await end(hooks, 'data', 2);
    await begin(hooks, 'distill', 100_000, 50_000);
    await work(hooks, console, 45);
    await epoch(hooks, 'train-b1-c0', 3);
    await epoch(hooks, 'train-b2-c0', 4);
    console.pass(0.2);
    const during = screenOf(console.progressText, 80);
    expect(during.cursorShown).toBe(false);
    expect(during.lines).toMatchInlineSnapshot(`
      [
        "✓ data         0:02  what came out of data",
        "⠙ distill      0:45  do what distill does",
        "  ━━━━━━───────   45 %  0:55 left (0:46 to 1:06) · run 1:46 left (1:11 to 2:49)",
        "  train-b2-c0, epoch 4 of 10: loss 0.312, accuracy 0.881",
        "  train-b1-c0, epoch 3 of 10: loss 0.312, accuracy 0.881",
        "",
      ]
    `);
    await hooks.noticed.promise('a worker\nis\u001b[2J slow');
    await end(hooks, 'distill', 83.4);
    expect(screenOf(console.progressText, 80).lines).toMatchInlineSnapshot(`
      [
        "✓ data         0:02  what came out of data",
        "! a worker is [2J slow",
        "✓ distill      1:23  what came out of distill",
        "",
      ]
    `);
  });

  it('never wraps, and shows figures before bars where it is narrow', async () => {
    const { hooks, console } = started(true, 30);
    await begin(hooks, 'distill', 100_000, 50_000);
    await work(hooks, console, 20);
    await epoch(hooks, 'train-b1-c0', 3);
    console.pass(1);
    expect(screenOf(console.progressText, 30).lines).toMatchInlineSnapshot(`
      [
        "⠏ distill      0:21  do what…",
        "  20 %  1:19 left (1:06 to 1…",
        "  train-b1-c0, epoch 3 of 10…",
        "",
      ]
    `);
    await end(hooks, 'distill', 83.4);
    expect(screenOf(console.progressText, 30).lines).toHaveLength(2);
  });

  it('tells a range alone of a run whose stage has just begun', async () => {
    const { hooks, console } = started(true);
    await begin(hooks, 'distill', 100_000, 50_000);
    await work(hooks, console, 15);
    expect(screenOf(console.progressText, 80).lines.join('\n')).toMatch(
      /1:25 left \(1:11 to 1:42\) · run 1:24 to 3:25 left/,
    );
  });

  it('tells the time left of the stage and of the run, and follows the speed', async () => {
    const { hooks, console } = started(true);
    await begin(hooks, 'distill', 600_000, 300_000);
    await work(hooks, console, 60);
    console.pass(0.2);
    expect(screenOf(console.progressText, 80).lines.join('\n')).toMatch(
      /9:00 left \(\d+:\d\d to 1\d:\d\d\) · run 14:01 left/,
    );
    console.pass(60);
    // A minute of silence in the latest third of the time: far slower than before.
    await hooks.workDone.promise({ stage: 'distill', task: 'x', work: 1000 });
    console.pass(0.2);
    const left = /(\d+):(\d+):(\d+) left/.exec(screenOf(console.progressText, 80).lines.join('\n'));
    expect(Number(left?.[1])).toBeGreaterThanOrEqual(1);
  });

  it('gives the cursor back when the run ends, fails or the process goes', async () => {
    for (const finish of ['finished', 'failed', 'exit'] as const) {
      const { hooks, console } = started(true);
      await begin(hooks, 'rank', 1000);
      expect(screenOf(console.progressText, 80).cursorShown).toBe(false);
      if (finish === 'finished') await hooks.runFinished.promise({ summary: SUMMARY, folder: '/runs/x' });
      if (finish === 'failed') await hooks.runFailed.promise(new Error('the disk is full'));
      if (finish === 'exit') for (const call of console.exits) call();
      expect(screenOf(console.progressText, 80).cursorShown).toBe(true);
      if (finish !== 'exit') expect([console.timers, console.exits.size]).toEqual([0, 0]);
    }
  });

  it('says how to go on', async () => {
    const { hooks, console } = started(true);
    await begin(hooks, 'distill', 1000);
    console.pass(5);
    await hooks.runFailed.promise(stopped());
    expect(screenOf(console.progressText, 200).lines).toEqual([
      '■ distill      0:05  stopped; the same command goes on from here',
      '',
    ]);
  });
});

describe('off a terminal', () => {
  it('writes plain lines, few', async () => {
    const { hooks, console } = started(false);
    await begin(hooks, 'data');
    await end(hooks, 'data', 2);
    await begin(hooks, 'distill', 200_000, 50_000, 1);
    await epoch(hooks, 'train-b1-c0', 3);
    await work(hooks, console, 100);
    await hooks.noticed.promise('a worker is\u001b[31m slow\r\nvery');
    await end(hooks, 'distill', 103.2);
    expect(console.progressText).toMatchInlineSnapshot(`
      "data: do what data does
      data: done in 0:02: what came out of data
      distill: do what distill does (1 of 4 tasks were done before)
      distill: 14 %, 0:30 passed, 2:50 left (2:22 to 3:24), 3:42 left of the run (2:47 to 5:07), train-b1-c0, epoch 3 of 10: loss 0.312, accuracy 0.881
      distill: 29 %, 1:00 passed, 2:20 left (1:57 to 2:48), 3:12 left of the run (2:22 to 4:31), train-b1-c0, epoch 3 of 10: loss 0.312, accuracy 0.881
      distill: 44 %, 1:30 passed, 1:50 left (1:32 to 2:12), 2:42 left of the run (1:57 to 3:55), train-b1-c0, epoch 3 of 10: loss 0.312, accuracy 0.881
      note: a worker is [31m slow very
      distill: done in 1:43: what came out of distill
      "
    `);
    expect(console.progressText).not.toMatch(/[^\P{Cc}\n]/u);
    expect(console.resultText).toBe('');
  });

  it('speaks at most every 30 s and at least every 5 min, also when nothing happens', async () => {
    const { hooks, console } = started(false);
    await begin(hooks, 'distill', 1e9);
    const times: number[] = [];
    let length = console.progressText.length;
    for (let second = 0; second < 8 * 3600; second++) {
      console.pass(1);
      // Work for an hour, silence for the next.
      if (Math.floor(second / 3600) % 2 === 0) {
        await hooks.workDone.promise({ stage: 'distill', task: 'x', work: 10 });
      }
      if (console.progressText.length > length) times.push(console.now());
      length = console.progressText.length;
    }
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(300);
    expect(times.length).toBeLessThan(160);
  });

  it('says what failed and how to go on', async () => {
    const { hooks, console } = started(false);
    await begin(hooks, 'retrain', 1000);
    console.progressText = '';
    await hooks.runFailed.promise(new DnaError('STORE_DISK_FULL', 'The disk is full.', 'Make room.'));
    expect(console.progressText).toBe(
      'retrain: failed; finished work is kept, and the same command goes on from there\n',
    );
    expect(console.timers).toBe(0);
  });
});

it('prints the result, alone, to the result stream', async () => {
  const { hooks, console } = started(false);
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'report.html'), '');
  writeSearch(folder, { random: { rating: 0.187_65 } });
  await begin(hooks, 'report');
  await hooks.runFinished.promise({ summary: SUMMARY, folder });
  await end(hooks, 'report', 0.1);
  expect(console.progressText).toBe('report: do what report does\n');
  const result = console.resultText.replaceAll(folder, 'FOLDER');
  expect(result).toMatchInlineSnapshot(`
    "
    network  parameters  multiply-adds  test accuracy  rating
    ───────  ──────────  ─────────────  ─────────────  ──────
    teacher   1,204,106         21.3 M        92.13 %       –
    found        96,202         1.61 M        89.51 %  0.1234
    random       97,310         1.60 M        87.90 %  0.1877

    architecture  b1:c0[k3-e6,k5-e3] b2:c1[k5-e6,k3-e3]
    run folder    FOLDER  (4:32, wasm, seed 1)

    Next:
      FOLDER/report.html
          the same with pictures, for a browser
      dna export FOLDER
          the network as an ONNX model, for other programs
      dna search FOLDER
          the best networks of this search; under other limits by --max
      dna run --from FOLDER --set seed=2
          the same search with another seed
    "
  `);
});

it('taps nothing outside the main thread, and starts nothing before the run does', () => {
  const exits = process.listenerCount('exit');
  expect(applied(reportConsole()).hooks.runFinished.taps).toHaveLength(1);
  const worker = { ...applied(reportConsole()), hooks: createHooks(), main: false };
  reportConsole().apply(worker);
  expect(worker.hooks.runFinished.taps).toHaveLength(0);
  expect(process.listenerCount('exit')).toBe(exits);
  expect(() => reportConsole({ style: 'loud' as 'log' })).toThrow('style');
});

describe('style', () => {
  /** What the plugin makes of standard error while a stage runs. */
  async function printed(style: 'auto' | 'live' | 'log', terminal: boolean): Promise<string> {
    const { stderr } = process;
    const was = stderr.isTTY;
    const write = vi.spyOn(stderr, 'write').mockReturnValue(true);
    vi.stubEnv('TERM', 'xterm');
    stderr.isTTY = terminal;
    try {
      const { hooks } = applied(reportConsole({ style }));
      await begin(hooks, 'data');
      await end(hooks, 'data', 2);
      await hooks.runFailed.promise(new Error('over'));
      return write.mock.calls.map(([text]) => String(text)).join('');
    } finally {
      stderr.isTTY = was;
      vi.unstubAllEnvs();
      write.mockRestore();
    }
  }
  const HIDE_CURSOR = '\u001b[?25l';

  it.each([
    ['auto', false, false],
    ['auto', true, true],
    ['live', false, true],
    ['log', true, false],
  ] as const)('%s, on a terminal: %s, draws over itself: %s', async (style, terminal, live) => {
    const text = await printed(style, terminal);
    expect(text).toContain('what came out of data');
    expect(text.includes(HIDE_CURSOR)).toBe(live);
  });
});
