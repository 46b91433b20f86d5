import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { openRunFolder } from 'dna-nas/core/store';
import { watch } from 'dna-nas/plugins/report-console';
import { RunViewer } from 'dna-nas/run-tools/runs';
import { beforeAll, describe, expect, test } from 'vitest';
import { startDna } from '../cli/dna-process.js';
import { FakeConsole } from '../report/fake-run.js';
import { screenOf } from '../report/screen.js';
import { tinyProject, tinyRequest } from '../run/tiny-run.js';

let project: string;
let folder: string;

const SET = ['retrain.epochs=0.5', 'workers=1'];

/** Draws as on a terminal, `looks` times, then q. */
async function screen(
  columns: number,
  rows: number,
  looks: number,
): Promise<{ text: string; lines: string[] }> {
  const console = new FakeConsole(true);
  console.progress.columns = columns;
  Object.assign(console.progress, { rows });
  let quit = () => {};
  const watching = watch(new RunViewer(folder), {
    ...{ environment: console, colour: false },
    ended: (end) => {
      quit = end;
      return () => undefined;
    },
  });
  for (let look = 0; look < looks; look++) console.pass(1);
  quit();
  await watching;
  return { text: console.progressText, lines: screenOf(console.progressText, columns).lines };
}

beforeAll(async () => {
  project = await tinyProject();
  folder = join(project, 'runs/tiny');
  await run(tinyRequest(project, { set: SET }), { inline: true, until: 'distill' });
});

describe('dna watch', () => {
  test('off a terminal prints the state once, without control characters', async () => {
    const { code, out, err } = await startDna(['watch', folder], { folder: project }).ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).not.toMatch(/[^\P{Cc}\n]/u);
    const lines = out.split('\n');
    expect(lines[0]).toBe('tiny: stopped');
    expect(lines[1]).toMatch(/^✓ backend {2}✓ data .* ▸ distill 100 % \(4\/4\)$/);
    expect(lines[2]).toMatch(/^\d:\d\d passed$/);
    expect(out).toMatch(/^✓ block 2 cell 1 +100 % {2}[▁-█]{24} {2}loss [\d.]+$/m);
  });

  test('says where there is no run', async () => {
    const { code, err } = await startDna(['watch', 'runs'], { folder: project }).ended;
    expect(code).not.toBe(0);
    expect(err).toContain('RUN_NOT_FOUND');
  });

  test.each([100, 40, 20])('no line is wider than %i columns', async (columns) => {
    const { text, lines } = await screen(columns, 24, 3);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns);
    expect(/[▁-█]/.test(text)).toBe(columns > 60);
    expect(lines.join('\n')).toContain('block 1 cell 1');
  });

  test('draws a state once, however often it looks, and gives the cursor back', async () => {
    const once = await screen(100, 24, 0);
    const often = await screen(100, 24, 20);
    expect(often.text).toBe(once.text);
    expect(screenOf(often.text, 100).cursorShown).toBe(true);
  });

  test('says what a low window does not show', async () => {
    const { text } = await screen(100, 7, 1);
    expect(text).toContain('more lines: the window is too low');
  });

  test('tells of a run at work, and leaves it alone', async () => {
    const owner = openRunFolder(folder);
    try {
      const { lines } = await screen(100, 24, 2);
      expect(lines[0]).toMatch(/^tiny: working on \S+$/);
      owner.check();
    } finally {
      owner.release();
    }
  });

  test('ends by itself with a run that is complete', async () => {
    await run(tinyRequest(project, { set: SET }), { inline: true });
    const console = new FakeConsole(true);
    console.progress.columns = 100;
    await watch(new RunViewer(folder), { environment: console, colour: false, ended: () => () => undefined });
    const { lines } = screenOf(console.progressText, 100);
    expect(lines[0]).toBe('tiny: complete');
    expect(lines.join('\n')).toMatch(/✓ block 1 cell 2 .*, best rating [\d.]+/);
    expect(lines.join('\n')).toMatch(/✓ retrain-found .* accuracy [\d.]+ %/);
    expect(console.timers).toBe(0);
  });
});
