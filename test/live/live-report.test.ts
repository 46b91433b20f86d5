import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from 'dna-nas/configuration';
import { compareRuns, type LiveReport, serveReport, writeComparisonPage } from 'dna-nas/run-tools';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tell } from '../mistakes/command-line.js';
import { tinyProject, tinyRequest } from '../run/tiny-run.js';
import { Browser, chromium, type Look, OFF_THE_PAGE } from './browser.js';

const LOOKS: readonly Look[] = [390, 1280].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
);

let project: string;
let folder: string;
let report: LiveReport;
const start = (until?: 'rank') =>
  run(tinyRequest(project, { set: ['workers=1', 'reports=[json,html]'] }), {
    inline: true,
    ...(until && { until }),
  });

beforeAll(async () => {
  project = await tinyProject();
  folder = join(project, 'runs/tiny');
  await start('rank');
  report = await serveReport({ folder, every: 50 });
});
afterAll(() => report?.close());

/** Status and text of an address, with a host that the request claims to ask for. */
function ask(address: string, host?: string): Promise<[status: number, text: string]> {
  return new Promise((done, failed) => {
    const request = get(address, { headers: host === undefined ? {} : { host } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => done([response.statusCode!, text]));
    });
    request.on('error', failed);
  });
}

/** Events from an address, one at a time. */
async function* eventsOf(address: string): AsyncGenerator<{ state: string; complete: boolean }> {
  const { body } = await fetch(address);
  let text = '';
  for await (const part of body!.pipeThrough(new TextDecoderStream())) {
    const events = (text + part).split('\n\n');
    text = events.pop()!;
    for (const event of events) {
      const data = /^event: page\ndata: (.*)$/.exec(event)?.[1];
      if (data) yield JSON.parse(data);
    }
  }
}

describe('a report that is served', () => {
  it('is answered to whoever knows its path, on the loopback address alone', async () => {
    const { origin, pathname, hostname, port } = new URL(report.address);
    expect(hostname).toBe('127.0.0.1');
    expect(pathname).toMatch(/^\/[\w-]{24}\/$/);
    expect((await ask(`${report.address}report`))[0]).toBe(200);
    for (const path of [
      '/',
      '/favicon.ico',
      pathname.slice(0, -1),
      `${pathname}config.json`,
      `${pathname}../x`,
    ])
      expect((await ask(origin + path))[0]).toBe(404);
    expect((await ask(report.address, `evil.example:${port}`))[0]).toBe(404);
    const other = await serveReport({ folder });
    await other.close();
    expect(new URL(other.address).pathname).not.toBe(pathname);
  });

  it('says how far the run is, shows what changes, and is the file at the end', async () => {
    expect((await ask(`${report.address}report`))[1]).toContain('This run is not complete');
    const before = readFileSync(join(folder, 'journal.jsonl'));
    const events = eventsOf(`${report.address}events`);
    expect((await events.next()).value).toEqual({ state: 'tasks: distill 4/4, rank 4/4', complete: false });
    expect(readFileSync(join(folder, 'journal.jsonl')).equals(before)).toBe(true);
    const ended = start();
    let last = (await events.next()).value!;
    while (!last.complete) last = (await events.next()).value!;
    await ended;
    await events.return(undefined);
    expect(last).toEqual({ state: 'complete', complete: true });
    const file = readFileSync(join(folder, 'report.html'), 'utf8');
    await expect
      .poll(async () => (await ask(`${report.address}report`))[1] === file, { timeout: 20_000 })
      .toBe(true);
  });

  it('says which port is taken', async () => {
    const port = Number(new URL(report.address).port);
    await expect(serveReport({ folder, port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining(`The port ${port} of this machine cannot be served on: `),
    });
  });

  it('is asked for with what goes with it', async () => {
    for (const [words, found] of [
      [['--port', '1'], /--port chooses where --live serves/],
      [['--live', '--json'], /--live serves the report as it is/],
      [['--live', '--port', '70000'], /--port/],
    ] as const) {
      const { code, text } = await tell(project, ['report', 'runs/tiny', ...words]);
      expect(text).toMatch(found);
      expect(code).toBe(2);
    }
  });
});

const skipped = chromium ? '' : ' (skipped: there is no Chromium here)';

describe.skipIf(!chromium)(`in a browser${skipped}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await Browser.open(chromium!);
  }, 60_000);
  afterAll(() => browser?.close());

  it.each(LOOKS)(
    'follows the run without a complaint, $width pixels wide, $scheme',
    async (look) => {
      await browser.show(report.address, look, `document.documentElement.dataset.state === 'complete'`);
      expect(browser.errors).toEqual([]);
      expect(await browser.evaluate(OFF_THE_PAGE)).toEqual([]);
      expect(
        browser.requests.filter((url) => !url.startsWith(report.address) && !/^(data:|about:)/.test(url)),
      ).toEqual([]);
      const ground = await browser.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(ground).toBe(look.scheme === 'dark' ? 'rgb(20, 20, 19)' : 'rgb(246, 245, 242)');
      const file = readFileSync(join(folder, 'report.html'), 'utf8');
      const parsed = `new DOMParser().parseFromString(${JSON.stringify(file)}, 'text/html').querySelector('main').outerHTML`;
      expect(await browser.evaluate(`document.querySelector('main').outerHTML === ${parsed}`)).toBe(true);
    },
    90_000,
  );

  it.each(LOOKS)(
    'shows files from the disk, $width pixels wide, $scheme',
    async (look) => {
      const page = join(project, 'compared.html');
      const other = join(project, 'runs/other');
      await run(tinyRequest(project, { set: ['workers=1', 'name=other', 'reports=[json]'] }), {
        inline: true,
        until: 'rank',
      });
      await writeComparisonPage(compareRuns([folder, other]), page);
      for (const file of [join(folder, 'report.html'), page]) {
        await browser.show(pathToFileURL(file).href, look, `document.querySelector('footer') !== null`);
        expect(browser.errors).toEqual([]);
        expect(await browser.evaluate(OFF_THE_PAGE)).toEqual([]);
      }
    },
    90_000,
  );

  it('is looked at by checks that can fail', async () => {
    await browser.show(report.address, LOOKS[0]!, `document.documentElement.dataset.state === 'complete'`);
    await browser.evaluate(
      `document.querySelector('main').insertAdjacentHTML('beforeend', '<p style="width: 900px">wide</p>')`,
    );
    expect(await browser.evaluate(OFF_THE_PAGE)).toEqual([
      'the page scrolls',
      expect.stringContaining('wide'),
    ]);
    await browser.evaluate(
      `document.body.insertAdjacentHTML('beforeend', '<script>alert(1)</script><img src="http://127.0.0.1:1/">')`,
    );
    await browser.waitFor('true');
    await expect.poll(() => browser.errors.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(browser.errors.join()).toContain('Content Security Policy');
  }, 90_000);
});
