import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createHooks } from 'dna-nas/core';
import type { RunSummary } from 'dna-nas/core/stages';
import { reportTo } from 'dna-nas/plugins/report-console';
import { readRunData, reportHtml, reportPage } from 'dna-nas/plugins/report-html';
import { expect, test } from 'vitest';
import { applied, FakeConsole, SUMMARY, temporaryFolder } from '../report/fake-run.js';
import { sampleRun, writeSampleRun } from '../report/sample-run.js';
import { configWith, layOut, sealed, strangeProject, write } from './strange-run.js';

const SCRIPT = '</code><script>alert(1)</script><img src=x onerror="alert(1)">';
const MARKUP = { markup: SCRIPT };
const STEERING = '\u001b]0;title\u0007\u001b[2J\u009b31m\u202e\r\nname';

/** Replaces every text of a value, however deep. */
function withTexts(value: unknown, text: unknown): unknown {
  if (typeof value === 'string') return text;
  if (Array.isArray(value)) return value.map((item) => withTexts(item, text));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTexts(item, text)]));
}

test('texts of a run folder become text of the page', () => {
  const folder = temporaryFolder();
  const { summary, ...files } = sampleRun();
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(withTexts(content, SCRIPT)));
  const evil = { ...(withTexts(summary, SCRIPT) as RunSummary), stages: { [SCRIPT]: 5, a: 3 } };
  const page = reportPage(readRunData(folder, evil));
  expect(page).not.toMatch(/<script|<img/);
  expect(page).toContain('&lt;script');
});

test('objects that look like markup become text of the page', () => {
  const folder = temporaryFolder();
  const summary = withTexts(writeSampleRun(folder), MARKUP) as RunSummary;
  const page = reportPage(readRunData(folder, summary));
  expect(page).not.toMatch(/<script|<img/);
  expect(page).toContain('[object Object]');
});

test.each(['null', '[]', '{"best":5}', '{"best":{"architecture":[null]}}', '{"cells":[null]}', '{', '"x"'])(
  "JSON files that hold %s end in a page or in an error that the run tells as the plugin's",
  async (text) => {
    const folder = temporaryFolder();
    const summary = writeSampleRun(folder);
    for (const name of ['search', 'ratings', 'space', 'config']) {
      writeFileSync(join(folder, `${name}.json`), text);
      const { hooks } = applied(reportHtml({}));
      const told = hooks.runFinished.promise({ summary, folder }).catch((error: Error) => error);
      expect([undefined, TypeError, SyntaxError]).toContain((await told)?.constructor);
    }
  },
);

test.each(['live', 'log'] as const)(
  'the console (%s) prints nothing that steers a terminal',
  async (style) => {
    const screen = new FakeConsole(false);
    const hooks = createHooks();
    reportTo(hooks, screen, style);
    const folder = temporaryFolder();
    const networks = [{ name: STEERING, params: 1, macs: 1, top1: 0.5 }];
    const summary = { ...SUMMARY, networks, architecture: STEERING, backend: STEERING, preset: STEERING };
    await hooks.stageStarted.promise({
      stage: 'distill',
      description: STEERING,
      tasks: 1,
      tasksDone: 0,
      work: 1,
      ahead: [{ stage: 'retrain', work: 1 }],
    });
    const metrics = { [STEERING]: 1 };
    await hooks.epochFinished.promise({ task: STEERING, epoch: 1, epochs: 2, metrics });
    screen.pass(300);
    await hooks.noticed.promise(STEERING);
    await hooks.runFinished.promise({ summary, folder });
    expect(screen.resultText).toContain('name');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what the test is about
    expect(screen.resultText).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the live area's own sequences are no others
    expect(screen.progressText).not.toMatch(/\u001b\]|\u001b\[2J|[\u0007\u009b\u202e]/);
  },
);

test('what a run folder holds reaches the terminal without control characters', async () => {
  const { run, project } = strangeProject();
  layOut(run, configWith('x'));
  const steering = JSON.stringify(STEERING).slice(1, -1);
  const owner = `{"number":9,"pid":1,"host":"${steering}","since":"2020-01-01T00:00:00Z","startTime":"1","bootId":"1"`;
  write(join(run, 'lock/9.json'), sealed(owner));
  write(join(run, 'a\u001b[31mb'), '');
  for (const words of [
    ['task', run, 'train-a'],
    ['verify', run],
  ]) {
    const { out, err } = await dna(words, project);
    expect(out + err).not.toBe('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what the test is about
    expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  }
});

async function dna(words: readonly string[], cwd: string): Promise<{ out: string; err: string }> {
  const program = fileURLToPath(new URL('../../bin/dna.js', import.meta.url));
  const start = promisify(execFile)(process.execPath, [program, ...words], { cwd });
  const { stdout, stderr } = await start.catch((error: { stdout: string; stderr: string }) => error);
  return { out: stdout, err: stderr };
}
